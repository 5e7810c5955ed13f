import { type Database, purgePlatformTables } from '@quittance/database';
import { type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop } from '@quittance/runtime';

const EVERY_MS = 10 * 60 * 1000;

/** Sent outbox rows, old inbox rows and expired idempotency keys go, a bounded batch at a time. */
export const makeHousekeeping = (deps: {
  readonly name: string;
  readonly pool: Database<unknown>['pool'];
  readonly wallClock: WallClock;
  readonly logger: Logger;
}): Loop =>
  makeLoop({
    name: `${deps.name}.housekeeping`,
    intervalMs: EVERY_MS,
    wallClock: deps.wallClock,
    logger: deps.logger,
    run: () => purgePlatformTables({ pool: deps.pool, wallClock: deps.wallClock }),
  });
