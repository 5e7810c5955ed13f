import { type Database, purgePlatformTables } from '@quittance/database';
import { type WallClock } from '@quittance/kernel';
import { type Logger, type Loop, makeLoop } from '@quittance/runtime';

import { type BaseConfig } from './kit.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const EVERY_MS = 10 * 60 * 1000;

/** Sent outbox rows, old inbox rows and expired idempotency keys go, a bounded batch at a time. */
export const makeHousekeeping = (deps: {
  readonly name: string;
  readonly pool: Database<unknown>['pool'];
  readonly wallClock: WallClock;
  readonly logger: Logger;
  readonly config: Pick<BaseConfig, 'OUTBOX_KEEP_DAYS' | 'INBOX_KEEP_DAYS'>;
}): Loop =>
  makeLoop({
    name: `${deps.name}.housekeeping`,
    intervalMs: EVERY_MS,
    wallClock: deps.wallClock,
    logger: deps.logger,
    run: () =>
      purgePlatformTables({
        pool: deps.pool,
        wallClock: deps.wallClock,
        outboxKeepMs: deps.config.OUTBOX_KEEP_DAYS * DAY_MS,
        inboxKeepMs: deps.config.INBOX_KEEP_DAYS * DAY_MS,
      }),
  });
