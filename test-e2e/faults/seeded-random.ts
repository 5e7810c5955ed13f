export interface SeededRandom {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number, 0 ≤ n < `below`. */
  below(below: number): number;
  /** One of them; throws when there is none. */
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): readonly T[];
}

/** A small linear congruential generator (Numerical Recipes): the same seed, the same run. Not for secrets. */
export const makeRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
    // Fisher–Yates.
    shuffled: (items) => {
      const order = [...items];
      for (let index = order.length - 1; index > 0; index -= 1) {
        const other = below(index + 1);
        const [here, there] = [order[index], order[other]];
        if (here !== undefined && there !== undefined) [order[index], order[other]] = [there, here];
      }
      return order;
    },
  };
};
