import { isDomainError, isLostRace, toError, type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop, operationOfLoop, runInOperation } from '@quittance/runtime';

import { type Claim } from '../application/ports.ts';

/** Rows worked on at once; each is mostly waiting for the provider. Places taken while a claim is out come on top. */
const SLOTS = 10;

export interface ClaimLoopOptions<Item extends { readonly id: string }> {
  readonly name: string;
  readonly intervalMs: number;
  readonly leaseMs: number;
  readonly wallClock: WallClock;
  readonly logger: Logger;
  readonly claim: (claim: Claim) => Promise<readonly Item[]>;
  readonly work: (item: Item) => Promise<void>;
  /** Gives an item back that could not be finished: soon after a lost race, later after a failure. */
  readonly putBack: (item: Item, failure: { readonly error: Error; readonly lostRace: boolean }) => Promise<void>;
}

/** A slot that is kept free for an item which is about to be made. Ends with exactly one of both calls. */
export interface Place<Item> {
  /** Until when the item is to be stored as claimed: wall time. */
  readonly claimedUntil: Date;
  begin(item: Item, work: () => Promise<void>): void;
  giveUp(): void;
}

export interface ClaimLoop<Item> extends Loop {
  /** Null when every slot is taken, and once the loop is stopped. */
  takePlace(): Place<Item> | null;
}

/**
 * Claims as many due rows as it has free slots, and again as slots become free: one that waits long for the provider
 * holds up nobody but itself. What failed is given back.
 */
export const makeClaimLoop = <Item extends { readonly id: string }>(
  options: ClaimLoopOptions<Item>,
): ClaimLoop<Item> => {
  const working = new Set<Promise<void>>();
  let mayBeMore = false;
  let stopped = false;
  const run = async (item: Item, work: () => Promise<void>): Promise<void> => {
    const outcome = await workOn(options, item, work);
    if (mayBeMore || outcome === 'lost_race') loop.wake();
  };
  const hold = (held: Promise<void>): void => {
    const work = held.finally(() => working.delete(work));
    working.add(work);
  };
  const leaseFrom = (nowMs: number): Date => new Date(nowMs + options.leaseMs);
  const loop = makeLoop({
    name: options.name,
    intervalMs: options.intervalMs,
    wallClock: options.wallClock,
    logger: options.logger,
    run: async () => {
      const limit = SLOTS - working.size;
      // Whoever is ready first wakes us.
      mayBeMore = limit === 0;
      if (limit === 0) return 'idle';
      const nowMs = options.wallClock.nowMs();
      const claim = { now: new Date(nowMs), leaseUntil: leaseFrom(nowMs), limit };
      const items = await options.claim(claim);
      mayBeMore = items.length === limit;
      for (const item of items) hold(run(item, () => options.work(item)));
      return 'idle';
    },
  });
  return {
    ...loop,
    stop: async () => {
      stopped = true;
      await loop.stop();
      await Promise.all(working);
    },
    busy: () => loop.busy() || working.size > 0,
    takePlace: () => {
      if (stopped || working.size >= SLOTS) return null;
      const ended = Promise.withResolvers<void>();
      hold(ended.promise);
      return {
        claimedUntil: leaseFrom(options.wallClock.nowMs()),
        begin: (item, work) => ended.resolve(runInOperation(operationOfLoop(options), () => run(item, work))),
        giveUp: () => ended.resolve(),
      };
    },
  };
};

const workOn = async <Item extends { readonly id: string }>(
  options: ClaimLoopOptions<Item>,
  item: Item,
  work: () => Promise<void>,
): Promise<'done' | 'failed' | 'lost_race'> => {
  try {
    await work();
    return 'done';
  } catch (thrown) {
    return giveBack(options, item, toError(thrown));
  }
};

const giveBack = async <Item extends { readonly id: string }>(
  { name, logger, putBack }: ClaimLoopOptions<Item>,
  item: Item,
  error: Error,
): Promise<'failed' | 'lost_race'> => {
  const lostRace = isLostRace(error);
  const expected = isDomainError(error) && error.kind !== 'internal';
  logger[expected ? 'info' : 'error']({ err: error, loop: name, id: item.id }, 'not finished, tried again');
  try {
    await putBack(item, { error, lostRace });
    return lostRace ? 'lost_race' : 'failed';
  } catch (thrown) {
    logger.warn({ err: toError(thrown), loop: name, id: item.id }, 'not given back, tried again when its lease ends');
    return 'failed';
  }
};
