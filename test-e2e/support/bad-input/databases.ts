import { must } from '@quittance/kernel';
import { databaseNameOf, STORING_SERVICES, type StoringService, type SuiteFacts, withDatabase } from '@quittance/local';
import pg from 'pg';

import { type Stored, storedBy } from './stored.ts';

/** Where canaries are planted: the trail is read by operators alone, and its chain would break. */
export const PLANTED_SERVICES = STORING_SERVICES.filter((name) => name !== 'audit');

/** Every database of a suite as its administrator sees it. */
export interface Databases {
  /** Everything that services store: what bad input may not change. */
  stored(): Promise<Stored>;
  /** Where in any column of text, JSON or bytes of any table of any database the pattern (POSIX) is found. */
  search(pattern: string): Promise<readonly string[]>;
  /** Every text in rows of this account, and every text in rows of others. */
  textsOf(account: string): Promise<{ readonly own: ReadonlySet<string>; readonly others: ReadonlySet<string> }>;
  columnsSearched(): Promise<number>;
  /** Request ids of the audit records of one action for one account. */
  auditedRequests(action: string, account: string): Promise<readonly string[]>;
  /** As its administrator. */
  of(service: StoringService): pg.Pool;
  end(): Promise<void>;
}

interface Column {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

export const openDatabases = (facts: SuiteFacts): Databases => {
  const names = [...STORING_SERVICES, 'bus', 'sandbox'];
  const pools = new Map(
    names.map((name): readonly [string, pg.Pool] => {
      const url = withDatabase(facts.adminUrl, databaseNameOf(name, facts.databasePrefix));
      const pool = new pg.Pool({ connectionString: url, max: 2 });
      pool.on('error', () => undefined);
      return [name, pool];
    }),
  );
  return {
    stored: async () => {
      const parts = await Promise.all(STORING_SERVICES.map((name) => storedBy(name, must(pools.get(name), name))));
      return Object.fromEntries(parts.flat());
    },
    search: async (pattern) => {
      const found = await Promise.all([...pools].map(([name, pool]) => searchDatabase(name, pool, pattern)));
      return found.flat();
    },
    textsOf: async (account) => {
      const own = new Set<string>();
      const others = new Set<string>();
      for (const [name, pool] of pools) {
        if (name !== 'sandbox' && name !== 'bus') await collectTexts(pool, account, { own, others });
      }
      return { own, others };
    },
    columnsSearched: async () => {
      const columns = await Promise.all([...pools.values()].map((pool) => textColumns(pool)));
      return columns.flat().length;
    },
    auditedRequests: async (action, account) => {
      const { rows } = await must(pools.get('audit'), 'audit database').query<{ request: string }>(
        'SELECT request_id AS request FROM audit_records WHERE action = $1 AND account_id = $2',
        [action, account],
      );
      return rows.map(({ request }) => request);
    },
    of: (service) => must(pools.get(service), service),
    end: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
};

const OWN_SCHEMAS = "table_schema NOT IN ('pg_catalog', 'information_schema')";

const tablesOf = async (pool: pg.Pool, where: string): Promise<readonly { schema: string; table: string }[]> => {
  const { rows } = await pool.query<{ schema: string; table: string }>(
    `SELECT table_schema AS schema, table_name AS table FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND ${where}`,
  );
  return rows;
};

const quoted = ({ schema, table }: { schema: string; table: string }): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;

const textColumns = async (pool: pg.Pool): Promise<readonly Column[]> => {
  const { rows } = await pool.query<Column>(
    `SELECT c.table_schema AS schema, c.table_name AS table, c.column_name AS column, c.data_type AS type
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE t.table_type = 'BASE TABLE' AND ${OWN_SCHEMAS.replace('table_schema', 'c.table_schema')}
       AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY', 'name')`,
  );
  return rows;
};

const searchDatabase = async (name: string, pool: pg.Pool, pattern: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const { schema, table, column, type } of await textColumns(pool)) {
    const value = pg.escapeIdentifier(column);
    const asText = type === 'bytea' ? `encode(${value}, 'escape')` : `${value}::text`;
    const { rows } = await pool.query<{ n: string }>(
      `SELECT count(*)::text AS n FROM ${quoted({ schema, table })} WHERE ${asText} ~ $1`,
      [pattern],
    );
    if (rows[0]?.n !== '0') found.push(`${name}: ${schema}.${table}.${column}`);
  }
  return found;
};

const collectTexts = async (
  pool: pg.Pool,
  account: string,
  into: { readonly own: Set<string>; readonly others: Set<string> },
): Promise<void> => {
  const withAccount = await tablesOf(
    pool,
    `table_schema = 'public' AND EXISTS (SELECT 1 FROM information_schema.columns c
     WHERE c.table_schema = tables.table_schema AND c.table_name = tables.table_name AND c.column_name = 'account_id')`,
  );
  for (const table of withAccount) {
    const { rows } = await pool.query<{ account: string | null; row: unknown }>(
      `SELECT account_id AS account, to_jsonb(t) AS row FROM ${quoted(table)} t`,
    );
    for (const { account: owner, row } of rows) gather(row, owner === account ? into.own : into.others);
  }
};

const gather = (value: unknown, into: Set<string>): void => {
  if (typeof value === 'string') into.add(value);
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) gather(inner, into);
  }
};
