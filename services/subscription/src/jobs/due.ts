import { type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop } from '@quittance/runtime';

/** What falls due is seen within this time; a clock that is moved wakes the loop at once. */
const POLL_MS = 1000;

/** Works off what is due, batch after batch, until there is no more. */
export const makeDueLoop = (deps: {
  readonly name: `subscription.${string}`;
  readonly run: () => Promise<'again' | 'idle'>;
  readonly wallClock: WallClock;
  readonly logger: Logger;
}): Loop =>
  makeLoop({
    name: deps.name,
    intervalMs: POLL_MS,
    wallClock: deps.wallClock,
    logger: deps.logger,
    run: deps.run,
  });
