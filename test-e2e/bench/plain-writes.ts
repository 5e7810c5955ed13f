import { inParallel } from './bench-suite.ts';
import { type Pools, WRITTEN } from './renewal-ground.ts';

/** Rows by `database schema.table`. */
export type RowCounts = ReadonlyMap<string, number>;

/** How many rows every table of the databases holds. */
export const countRows = async (pools: Pools): Promise<RowCounts> => {
  const counts = new Map<string, number>();
  for (const name of WRITTEN) {
    const pool = pools.get(name);
    const tables = await pool?.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname IN ('public', 'platform') AND tablename NOT LIKE '\\_%' AND tablename NOT LIKE 'bench\\_%'`,
    );
    for (const table of tables?.rows ?? []) {
      const found = await pool?.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table.name}`);
      counts.set(`${name} ${table.name}`, found?.rows[0]?.n ?? 0);
    }
  }
  return counts;
};

interface PlainTable {
  readonly database: string;
  /** The empty copy that is written to. */
  readonly copy: string;
  readonly perItem: number;
  readonly rows: readonly unknown[];
}

const AT_ONCE = 8;

/**
 * The rows that `count` renewals have written, written again as they would be by hand: for each renewal one transaction
 * in each database, and for each of its messages one insert and one delete on the bus. Updates, triggers and the
 * provider are left out, so that it is fast. Answers renewals per second.
 */
export const writePlain = async (
  pools: Pools,
  { before, after, items, count }: { before: RowCounts; after: RowCounts; items: number; count: number },
): Promise<number> => {
  const tables: PlainTable[] = [];
  for (const [key, total] of after) {
    const perItem = Math.round((total - (before.get(key) ?? 0)) / items);
    if (perItem > 0) tables.push(await copyOf(pools, { key, perItem, count }));
  }
  const messages = tables.filter(({ copy }) => copy.endsWith('inbox')).reduce((sum, { perItem }) => sum + perItem, 0);
  const bus = pools.get('bus');
  await bus?.query('CREATE TABLE IF NOT EXISTS bench_delivery (id bigserial PRIMARY KEY, body bytea NOT NULL)');
  const body = Buffer.alloc(1500, 'x');
  let item = 0;
  const startedMs = performance.now();
  await inParallel(count, AT_ONCE, async () => {
    const at = item;
    item += 1;
    for (const database of WRITTEN)
      await writeItem(
        pools,
        tables.filter((table) => table.database === database),
        at,
      );
    for (let message = 0; message < messages; message += 1) {
      const put = await bus?.query<{ id: string }>({ name: 'bench_put', text: PUT, values: [body] });
      await bus?.query({ name: 'bench_take', text: TAKE, values: [put?.rows[0]?.id] });
    }
  });
  return (count * 1000) / (performance.now() - startedMs);
};

const PUT = 'INSERT INTO bench_delivery (body) VALUES ($1) RETURNING id';
const TAKE = 'DELETE FROM bench_delivery WHERE id = $1';

const copyOf = async (
  pools: Pools,
  { key, perItem, count }: { readonly key: string; readonly perItem: number; readonly count: number },
): Promise<PlainTable> => {
  const [database = '', table = ''] = key.split(' ');
  const copy = `bench_${table.replaceAll(/\W/g, '_')}`;
  const pool = pools.get(database);
  await pool?.query(`DROP TABLE IF EXISTS ${copy}`);
  await pool?.query(`CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL EXCLUDING IDENTITY EXCLUDING GENERATED)`);
  const found = await pool?.query<{ row: unknown }>(
    `SELECT to_jsonb(t) AS row FROM ${table} AS t ORDER BY t.ctid DESC LIMIT $1`,
    [perItem * count],
  );
  return { database, copy, perItem, rows: (found?.rows ?? []).map(({ row }) => row) };
};

const writeItem = async (pools: Pools, tables: readonly PlainTable[], item: number): Promise<void> => {
  const [first] = tables;
  const client = first === undefined ? undefined : await pools.get(first.database)?.connect();
  if (client === undefined) return;
  try {
    await client.query('BEGIN');
    for (const { copy, perItem, rows } of tables) {
      await client.query({
        name: copy,
        text: `INSERT INTO ${copy} SELECT * FROM jsonb_populate_recordset(null::${copy}, $1::jsonb)`,
        values: [JSON.stringify(rows.slice(item * perItem, (item + 1) * perItem))],
      });
    }
    await client.query('COMMIT');
  } finally {
    client.release();
  }
};
