import { type Pool } from 'pg';

/** PostgreSQL channel on which every commit with outgoing messages is announced. */
export const OUTBOX_CHANNEL = 'outbox';

export interface Notifier {
  notify(): void;
}

/**
 * NOTIFY after the commit, at most one in flight and one waiting: inside the transaction it would serialize all
 * commits behind one lock. A lost notification only costs the listener its fallback poll, so errors are dropped.
 */
export const makeNotifier = (pool: Pool, channel: string): Notifier => {
  let inFlight = false;
  let again = false;
  const send = async (): Promise<void> => {
    inFlight = true;
    do {
      again = false;
      try {
        await pool.query('SELECT pg_notify($1, $2)', [channel, '']);
      } catch {
        // The connection is gone or the pool is closed; pollers find the rows.
        break;
      }
    } while (again);
    inFlight = false;
  };
  return {
    notify: () => {
      if (inFlight) again = true;
      else void send();
    },
  };
};
