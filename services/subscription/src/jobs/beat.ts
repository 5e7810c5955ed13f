import { type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop } from '@quittance/runtime';

import { type Beat } from '../application/index.ts';

export const makeBeatLoop = (deps: {
  readonly beat: Beat;
  readonly intervalMs: number;
  readonly wallClock: WallClock;
  readonly logger: Logger;
}): Loop =>
  makeLoop({
    name: 'subscription.beat',
    intervalMs: deps.intervalMs,
    wallClock: deps.wallClock,
    logger: deps.logger,
    run: async () => {
      await deps.beat();
      return 'idle';
    },
  });
