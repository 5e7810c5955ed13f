import { type Secret } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type ClientConfig, Pool, type PoolConfig } from 'pg';

import { pause } from '../pause.ts';
import { type DeliveryTablePools } from './delivery-table.ts';

const ANSWER_MAX_MS = 5_000;
const CONNECT_MAX_MS = 30_000;
const CONNECT_PAUSE_MS = 250;

export interface BusPools extends DeliveryTablePools {
  readonly clientConfig: ClientConfig;
  /** Throws when the database does not answer for 30 s. */
  connect(): Promise<void>;
  end(): Promise<void>;
}

export const makePools = (url: Secret, logger: Logger): BusPools => {
  const clientConfig = {
    connectionString: url.reveal(),
    application_name: 'quittance-bus',
    connectionTimeoutMillis: ANSWER_MAX_MS,
    // A database that froze must not hold a publish, and all those behind it, for ever.
    query_timeout: ANSWER_MAX_MS,
  } satisfies ClientConfig;
  const durable = makePool({ ...clientConfig, max: 2, pipeline: true }, logger);
  const relaxed = makePool({ ...clientConfig, max: 3, options: '-c synchronous_commit=off' }, logger);
  let ended: Promise<unknown> | null = null;
  return {
    clientConfig,
    durable,
    relaxed,
    connect: () => connectWithin(durable, CONNECT_MAX_MS),
    end: async () => {
      ended ??= Promise.all([durable.end(), relaxed.end()]);
      await ended;
    },
  };
};

const makePool = (config: PoolConfig, logger: Logger): Pool => {
  const pool = new Pool(config);
  // Whoever holds a connection that breaks is told by its query.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  // An idle connection that dies emits here; without a listener it would end the process.
  pool.on('error', (error) => {
    // `end` does not wait for the last goodbye, and a server that stops right after may be faster.
    if (!pool.ending) logger.warn({ err: error }, 'bus database closed an idle connection');
  });
  return pool;
};

const connectWithin = async (pool: Pool, patienceMs: number): Promise<void> => {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (thrown) {
      if (performance.now() > deadlineMs) throw new Error('bus database does not answer', { cause: thrown });
      await pause(CONNECT_PAUSE_MS);
    }
  }
};
