import { makeLinger } from './linger.ts';

/** One item and the promise its sender waits on. */
export interface Gathered<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (failure: unknown) => void;
}

export interface Gathering<Item, Outcome> {
  /** Settles as the handler says. */
  add(item: Item): Promise<Outcome>;
}

export interface GatheringLimits {
  /** Items handled together. */
  readonly itemsMax: number;
  /** Batches under way at once. */
  readonly batchesMax: number;
  /** How long an item that comes while nothing is under way waits for company. */
  readonly lingerMs: number;
}

/**
 * Hands over together what arrives while as many batches as may be are under way, and what comes within `lingerMs` of
 * the first of a quiet time. `handle` settles every item; when it throws, those left open are rejected.
 */
export const makeGathering = <Item, Outcome>(
  handle: (gathered: readonly Gathered<Item, Outcome>[]) => Promise<void>,
  { itemsMax, batchesMax, lingerMs }: GatheringLimits,
): Gathering<Item, Outcome> => {
  const waiting: Gathered<Item, Outcome>[] = [];
  let underWay = 0;
  let asked = false;

  const run = async (): Promise<void> => {
    underWay += 1;
    const batch = waiting.splice(0, itemsMax);
    try {
      await handle(batch);
    } catch (thrown) {
      for (const { reject } of batch) reject(thrown);
    } finally {
      underWay -= 1;
      begin();
    }
  };
  const begin = (): void => {
    if (waiting.length === 0 || underWay >= batchesMax) return;
    if (underWay > 0 || waiting.length >= itemsMax) beginSoon();
    else linger.ask(lingerMs);
  };
  /** After the present turn of the event loop: what one packet or one query brought goes together. */
  const beginSoon = (): void => {
    linger.cancel();
    if (asked) return;
    asked = true;
    setImmediate(() => {
      asked = false;
      void run();
      begin();
    });
  };
  const linger = makeLinger(beginSoon);
  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        begin();
      }),
  };
};
