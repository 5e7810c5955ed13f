import { toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type InNumberingQueue } from '../application/ports.ts';

/** What is needed of `pg`'s pool. */
interface TurnPool {
  readonly options: { readonly max?: number | undefined };
  connect(): Promise<TurnConnection>;
}

interface TurnConnection {
  query(sql: string): Promise<unknown>;
  release(destroy?: boolean): void;
}

/** Any key will do as long as every replica uses the same. */
const TAKE_TURN = "BEGIN; SET LOCAL lock_timeout = '2s'; SELECT pg_advisory_xact_lock(hashtext('invoice numbering'))";

/**
 * Lets replicas take turns at numbering, so that they do not lose races to each other all day. A courtesy, not the
 * guarantee: work goes ahead without its turn when the lock does not come, and a number is still taken by one only.
 * Held by a transaction, so that it also works through a pooler and ends with the connection.
 */
export const makeNumberingTurn =
  (pool: TurnPool, logger: Logger): InNumberingQueue =>
  async (work) => {
    // The turn holds one connection while the commit needs another.
    if ((pool.options.max ?? 1) < 2) return work();
    const connection = await pool.connect();
    try {
      await takeTurn(connection, logger);
      return await work();
    } finally {
      await endTurn(connection);
    }
  };

const takeTurn = async (connection: TurnConnection, logger: Logger): Promise<void> => {
  try {
    await connection.query(TAKE_TURN);
  } catch (error) {
    logger.warn({ err: toError(error) }, 'numbering goes ahead without its turn');
  }
};

const endTurn = async (connection: TurnConnection): Promise<void> => {
  try {
    await connection.query('ROLLBACK');
    connection.release();
  } catch {
    // A connection that cannot give the turn back is closed, and with it the turn ends.
    connection.release(true);
  }
};
