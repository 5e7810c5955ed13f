import { type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop } from '@quittance/runtime';

import { type BeginRenewals } from '../application/index.ts';

/** What falls due is seen within this time; a clock that is moved wakes the loop at once. */
const POLL_MS = 1000;

/** Begins what is due, batch after batch, until there is no more. */
export const makeDueLoop = (deps: {
  readonly beginRenewals: BeginRenewals;
  readonly wallClock: WallClock;
  readonly logger: Logger;
}): Loop =>
  makeLoop({
    name: 'subscription.renewals',
    intervalMs: POLL_MS,
    wallClock: deps.wallClock,
    logger: deps.logger,
    run: deps.beginRenewals,
  });
