/** `work` for each item, at most `atOnce` at a time; the answers in the order of the items. */
export const inLanes = async <Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  const left = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of left) answers[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return answers;
};

/** 0, 1, 2 … `count` − 1. */
export const countTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Pieces of at most `size`, in order. */
export const inPieces = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  countTo(Math.ceil(items.length / size)).map((piece) => items.slice(piece * size, (piece + 1) * size));

/** Every order of these; the first is the one they have. */
export const permutations = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((first, index) =>
        permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [first, ...rest]),
      );
