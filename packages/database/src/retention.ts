import { type WallClock } from '@quittance/kernel';
import { type Pool } from 'pg';

import { mappingErrors } from './to-platform-error.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const BATCH_ROWS = 1000;

export interface RetentionOptions {
  readonly pool: Pool;
  readonly wallClock: WallClock;
  /** How long sent messages stay readable. */
  readonly outboxKeepMs: number;
  /** Must outlast the oldest message anybody may still replay. */
  readonly inboxKeepMs: number;
}

/**
 * One bounded round of housekeeping for a job: deletes at most 1,000 rows each of sent outbox rows, old inbox rows
 * and idempotency keys past their 24 h. Answers 'again' when a batch was full. Unsent messages are never touched.
 */
export const purgePlatformTables = (options: RetentionOptions): Promise<'again' | 'idle'> =>
  mappingErrors(async () => {
    const nowMs = options.wallClock.nowMs();
    const rounds = [
      { text: OUTBOX, keepMs: options.outboxKeepMs },
      { text: INBOX, keepMs: options.inboxKeepMs },
      { text: KEYS, keepMs: DAY_MS },
    ];
    let full = false;
    for (const { text, keepMs } of rounds) {
      const deleted = await options.pool.query(text, [new Date(nowMs - keepMs), BATCH_ROWS]);
      full ||= deleted.rowCount === BATCH_ROWS;
    }
    return full ? 'again' : 'idle';
  });

const OUTBOX = `DELETE FROM platform.outbox WHERE position IN
  (SELECT position FROM platform.outbox WHERE sent_at IS NOT NULL AND sent_at < $1 ORDER BY sent_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const INBOX = `DELETE FROM platform.inbox WHERE (consumer, message_id) IN
  (SELECT consumer, message_id FROM platform.inbox WHERE handled_at < $1 ORDER BY handled_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const KEYS = `DELETE FROM platform.idempotency_keys WHERE scope IN
  (SELECT scope FROM platform.idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;
