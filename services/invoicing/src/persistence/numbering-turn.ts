import { isLostRace, toError } from '@quittance/kernel';
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

/** So many more take their turn after a race was lost: where replicas number at once, few races are run. */
const TURNS_AFTER_LOST_RACE = 100;

/**
 * Lets replicas that number at the same time take turns, so that they do not lose races to each other all day; whoever
 * lost one does its work again in its turn. A courtesy, not the guarantee: work goes ahead without its turn when the
 * lock does not come, and a number is still taken by one only. Held by a transaction, so that it also works through a
 * pooler and ends with the connection.
 */
export const makeNumberingTurn = (pool: TurnPool, logger: Logger): InNumberingQueue => {
  let turnsLeft = 0;
  return async (work) => {
    // The turn holds one connection while the commit needs another.
    if ((pool.options.max ?? 1) < 2) return work();
    if (turnsLeft === 0) {
      try {
        return await work();
      } catch (error) {
        if (!isLostRace(error)) throw error;
        turnsLeft = TURNS_AFTER_LOST_RACE;
      }
    }
    turnsLeft = Math.max(0, turnsLeft - 1);
    return inTurn(pool, logger, work);
  };
};

const inTurn = async <T>(pool: TurnPool, logger: Logger, work: () => Promise<T>): Promise<T> => {
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
