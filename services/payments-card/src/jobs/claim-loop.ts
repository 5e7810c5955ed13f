import { isDomainError, toError, type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop } from '@quittance/runtime';

import { type Claim } from '../application/ports.ts';

/** Rows worked on at once; each is mostly waiting for the provider. */
const BATCH = 10;

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

/** Claims due rows, works on them side by side, and gives back what failed: one bad row never holds up the others. */
export const makeClaimLoop = <Item extends { readonly id: string }>(options: ClaimLoopOptions<Item>): Loop =>
  makeLoop({
    name: options.name,
    intervalMs: options.intervalMs,
    wallClock: options.wallClock,
    logger: options.logger,
    run: async () => {
      const nowMs = options.wallClock.nowMs();
      const claim = { now: new Date(nowMs), leaseUntil: new Date(nowMs + options.leaseMs), limit: BATCH };
      const items = await options.claim(claim);
      const outcomes = await Promise.all(items.map((item) => workOn(options, item)));
      return items.length === BATCH || outcomes.includes('lost_race') ? 'again' : 'idle';
    },
  });

const workOn = async <Item extends { readonly id: string }>(
  options: ClaimLoopOptions<Item>,
  item: Item,
): Promise<'done' | 'failed' | 'lost_race'> => {
  try {
    await options.work(item);
    return 'done';
  } catch (thrown) {
    const error = toError(thrown);
    const lostRace = isDomainError(error) && error.code === 'platform.version_conflict';
    const expected = isDomainError(error) && error.kind !== 'internal';
    options.logger[expected ? 'info' : 'error'](
      { err: error, loop: options.name, id: item.id },
      'not finished, tried again',
    );
    await options.putBack(item, { error, lostRace });
    return lostRace ? 'lost_race' : 'failed';
  }
};
