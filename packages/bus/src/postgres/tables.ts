import { type ServiceName } from '@quittance/contracts';
import { type Pool } from 'pg';

/** Any number; the same in every process, so that two that start together do not create tables at once. */
const DECLARE_LOCK = 7_305_412_208;

/**
 * One row is one message on one queue. `due_at` is when it may be taken: at once, after a retry's delay, or when the
 * lease of whoever took it has run out. All instants are the database's own wall time.
 */
const DDL = `
CREATE SCHEMA IF NOT EXISTS bus;
CREATE TABLE IF NOT EXISTS bus.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  message_id text,
  type text,
  body bytea NOT NULL,
  attempt integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  taken integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease uuid,
  reason text,
  died_at timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
CREATE INDEX IF NOT EXISTS delivery_queue_due ON bus.delivery (queue, due_at, id);
`;

export const declareTables = async (pool: Pool): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [DECLARE_LOCK]);
    await client.query(DDL);
    await client.query('COMMIT');
    client.release();
  } catch (thrown) {
    client.release(true);
    throw thrown;
  }
};

/** The name of a queue in the table; a service's dead letters wait on one of their own. */
export const deadQueueOf = (service: ServiceName): string => `${service}.dead`;
