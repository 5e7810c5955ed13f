import { type NewId, type WallClock, type Write } from '@quittance/kernel';
import { durableStep } from '@quittance/runtime';
import { type Pool } from 'pg';

import { mappingErrors } from './to-platform-error.ts';
import { versionedUpdate, write } from './write.ts';

interface DeadLetter {
  readonly id: string;
  readonly messageId: string;
  readonly type: string;
  readonly body: string;
  readonly attempts: number;
  readonly reason: string;
  readonly diedAt: Date;
  readonly replayedAt: Date | null;
}

export interface DatabaseDeadLetterStore {
  store(letter: Omit<DeadLetter, 'id' | 'replayedAt'>): Promise<void>;
  /** Not yet replayed, oldest first. */
  listWaiting(limit: number): Promise<readonly DeadLetter[]>;
  find(id: string): Promise<DeadLetter | null>;
  /**
   * Of the death that was read: a replayed message may die again before this is committed, and then waits again.
   * Throws `platform.version_conflict` when somebody replayed it meanwhile.
   */
  markReplayed(letter: Pick<DeadLetter, 'id' | 'diedAt'>): Write;
}

export const makeDeadLetterStore = (deps: {
  readonly pool: Pool;
  readonly newId: NewId;
  readonly wallClock: WallClock;
}): DatabaseDeadLetterStore => ({
  store: (letter) =>
    mappingErrors(async () => {
      const { messageId, type, attempts, diedAt } = letter;
      const values = [
        deps.newId('dl'),
        messageId,
        type,
        storable(letter.body),
        attempts,
        storable(letter.reason),
        diedAt,
      ];
      await durableStep(
        'dead_letter.store',
        () => deps.pool.query(STORE, values),
        () => [type],
      );
    }),
  listWaiting: (limit) =>
    mappingErrors(async () => {
      const text = `SELECT ${COLUMNS} FROM platform.dead_letters WHERE replayed_at IS NULL ORDER BY died_at, id LIMIT $1`;
      const found = await deps.pool.query<DeadLetter>(text, [limit]);
      return found.rows;
    }),
  find: (id) =>
    mappingErrors(async () => {
      const found = await deps.pool.query<DeadLetter>(`SELECT ${COLUMNS} FROM platform.dead_letters WHERE id = $1`, [
        id,
      ]);
      return found.rows[0] ?? null;
    }),
  markReplayed: ({ id, diedAt }) =>
    write(async (transaction) => {
      const replayedAt = new Date(deps.wallClock.nowMs()).toISOString();
      const marked = transaction.$executeRawUnsafe(MARK, id, replayedAt, diedAt.toISOString());
      await versionedUpdate(marked, `Dead letter ${id}`);
    }),
});

/** PostgreSQL text holds no NUL; a poison message may well contain one. */
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD').toWellFormed();

const COLUMNS =
  'id, message_id AS "messageId", type, body, attempts, reason, died_at AS "diedAt", replayed_at AS "replayedAt"';

/**
 * A message that died again after its replay waits again; the dead-letter queue repeating itself changes nothing. Deaths
 * are told apart by being different, not by being later: the clocks of two replicas differ.
 */
const STORE = `
  INSERT INTO platform.dead_letters AS d (id, message_id, type, body, attempts, reason, died_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (message_id, attempts) DO UPDATE
    SET replayed_at = NULL, died_at = excluded.died_at, reason = excluded.reason, body = excluded.body
    WHERE d.died_at <> excluded.died_at`;

const MARK = `
  UPDATE platform.dead_letters
  SET replayed_at = CASE WHEN died_at = $3::text::timestamptz THEN $2::text::timestamptz END
  WHERE id = $1 AND replayed_at IS NULL`;
