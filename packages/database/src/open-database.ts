import { createHash } from 'node:crypto';

import { PrismaPg } from '@prisma/adapter-pg';
import { type Secret } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { Pool } from 'pg';

import { makePipeline, type Pipeline } from './pipeline.ts';
import { mappingErrors } from './to-platform-error.ts';
import { type RawTransaction } from './write.ts';

/** What every generated Prisma client has in common. */
export interface PrismaClientLike {
  $connect(): Promise<void>;
  $disconnect(): Promise<void>;
  $transaction<R>(
    run: (transaction: RawTransaction) => Promise<R>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<R>;
}

export interface Database<Client> extends Pipeline {
  readonly client: Client;
  /** Shared with Prisma: raw SQL through it sees the same rows and counts towards the same limit. */
  readonly pool: Pool;
  /** Opens the first connection and loads Prisma's compiler, so that the first request does not pay for them. */
  warm(): Promise<void>;
  /** Throws `platform.unavailable` when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions<Client> {
  readonly url: Secret;
  /** Connections at most; each busy query or transaction holds one. */
  readonly poolMax: number;
  readonly applicationName: string;
  readonly makeClient: (adapter: PrismaPg) => Client;
  readonly logger: Logger;
}

/** One pool for Prisma and raw SQL. Connects lazily; a broken idle connection is logged and replaced, never fatal. */
export const openDatabase = <Client extends PrismaClientLike>(options: DatabaseOptions<Client>): Database<Client> => {
  const pool = new Pool({
    connectionString: options.url.reveal(),
    max: options.poolMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline: true,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 15_000,
    options: '-c default_transaction_isolation=read\\ committed',
  });
  pool.on('error', (error) => {
    // `end` does not wait for the last goodbye, and a server that stops right after may be faster.
    if (!pool.ending) options.logger.warn({ err: error }, 'an idle database connection broke and was dropped');
  });
  // Whoever holds a connection that breaks is told by its query; without a listener the event would end the process.
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  const statementNameGenerator = makeStatementNames();
  const client = options.makeClient(
    new PrismaPg(pool, {
      statementNameGenerator,
      onConnectionError: (error) => options.logger.warn({ err: error }, 'a database connection broke'),
    }),
  );
  return {
    ...makePipeline(pool, statementNameGenerator),
    client,
    pool,
    warm: () =>
      mappingErrors(async () => {
        await client.$connect();
        await client.$transaction((transaction) => transaction.$queryRawUnsafe('SELECT 1'));
      }),
    ping: () =>
      mappingErrors(async () => {
        await pool.query('SELECT 1');
      }),
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
};

/** A prepared statement stays in every connection's memory: past this many texts the rest run unprepared. */
const STATEMENTS_MAX = 400;

const makeStatementNames = (): ((query: { readonly sql: string }) => string) => {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= STATEMENTS_MAX) return '';
    const name = createHash('sha1').update(sql).digest('base64url');
    names.set(sql, name);
    return name;
  };
};
