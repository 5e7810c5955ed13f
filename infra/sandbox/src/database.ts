import { createHash } from 'node:crypto';

import { Pool, type PoolClient, type QueryConfig, type QueryResultRow } from 'pg';

import { SCHEMA_SQL } from './schema.ts';

/** One statement at a time on one connection, inside one transaction. */
export interface Tx {
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface SandboxDatabase {
  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** For who only reads: each statement sees what is committed by then, as it would in a transaction. */
  reading<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Opens the sandbox's own database and brings its tables up; safe to run from several processes at once. */
export const openSandboxDatabase = async (url: string, onError: (error: Error) => void): Promise<SandboxDatabase> => {
  const pool = new Pool({ connectionString: url, max: 8, application_name: 'quittance-sandbox', pipeline: true });
  pool.on('error', (error) => {
    // `end` does not wait for the last goodbye, and a server that stops right after may be faster.
    if (!pool.ending) onError(error);
  });
  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => inTransaction(pool, work);
  try {
    await transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(7243105)');
      await tx.query(SCHEMA_SQL);
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    transaction,
    reading: async (work) => {
      const client = await pool.connect();
      try {
        return await work(txOf(client));
      } finally {
        client.release();
      }
    },
    query: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await pool.query<Row>(toQuery(sql, values))).rows,
    close: () => pool.end(),
  };
};

const inTransaction = async <T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  try {
    // With the first statement, not before it; when it fails, so does that.
    const begun = client.query('BEGIN');
    begun.catch(() => undefined);
    const result = await work(txOf(client));
    await begun;
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // A connection that cannot even roll back is broken: it leaves the pool.
    await client.query('ROLLBACK').then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
};

const txOf = (client: PoolClient): Tx => ({
  query: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(toQuery(sql, values))).rows,
});

/** Prepared once a connection when it takes values; one that takes none may be several statements. */
const toQuery = (sql: string, values: readonly unknown[]): QueryConfig =>
  values.length === 0 ? { text: sql } : { name: nameOf(sql), text: sql, values: [...values] };

/** The sandbox's texts are few: they are made of what is asked for, never of what is looked for. */
const names = new Map<string, string>();
const nameOf = (sql: string): string => {
  const name = names.get(sql) ?? createHash('sha1').update(sql).digest('base64url');
  names.set(sql, name);
  return name;
};
