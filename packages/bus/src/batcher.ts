import { toError } from '@quittance/kernel';

/** Collects what is asked for while the former batch is being written, and writes it together. */
export interface Batcher<Item> {
  /** Settles as the batch that carried the item did. */
  add(items: readonly Item[]): Promise<void>;
}

export const makeBatcher = <Item>(
  flush: (items: readonly Item[]) => Promise<void>,
  itemsMax: number,
): Batcher<Item> => {
  let waiting: { readonly items: readonly Item[]; readonly settle: (failure: Error | null) => void }[] = [];
  let flushing = false;
  const takeBatch = () => {
    let size = 0;
    const count = waiting.findIndex((entry) => (size += entry.items.length) > itemsMax);
    return waiting.splice(0, count === -1 ? waiting.length : Math.max(1, count));
  };
  const run = async (): Promise<void> => {
    if (flushing) return;
    flushing = true;
    // What arrives in the same turn of the event loop goes together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = takeBatch();
      const failure = await flush(batch.flatMap((entry) => entry.items)).then(
        () => null,
        (thrown: unknown) => toError(thrown),
      );
      for (const entry of batch) entry.settle(failure);
    }
    flushing = false;
  };
  return {
    add: (items) =>
      new Promise((resolve, reject) => {
        waiting.push({ items, settle: (failure) => (failure === null ? resolve() : reject(failure)) });
        void run();
      }),
  };
};
