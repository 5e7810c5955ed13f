import { type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop } from '@quittance/runtime';

import { type Absences } from '../application/index.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const EVERY_MS = 10 * 60 * 1000;
const AT_ONCE = 1000;

/** Whoever asks about accounts that do not exist leaves a row for each: after a day it is asked for again instead. */
export const makeForgetAbsences = (deps: {
  readonly absences: Absences;
  readonly wallClock: WallClock;
  readonly logger: Logger;
}): Loop =>
  makeLoop({
    name: 'gateway.forget-absences',
    intervalMs: EVERY_MS,
    wallClock: deps.wallClock,
    logger: deps.logger,
    run: async () => {
      const dayAgo = new Date(deps.wallClock.nowMs() - DAY_MS);
      return (await deps.absences.forgetBefore(dayAgo, AT_ONCE)) === AT_ONCE ? 'again' : 'idle';
    },
  });
