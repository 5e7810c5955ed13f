import type pg from 'pg';

import { type Databases, PLANTED_SERVICES } from './databases.ts';

interface JsonPlanting {
  /** Names whose texts are replaced, at whatever depth. */
  readonly names: readonly string[];
  /** A projection is kept in memory as well, which only its triggers tell of a change. Issued rows have others. */
  readonly triggers: 'awake' | 'asleep';
}

/** Texts inside of JSON columns, of rows that name the account. */
const PLANTED: Readonly<Record<string, JsonPlanting>> = {
  'gateway.entitlement_documents.document': { names: ['planKey', 'level'], triggers: 'awake' },
  'payments-card.orders.open_request': { names: ['name'], triggers: 'asleep' },
  'subscription.checkouts.due_now': { names: ['description', 'taxReason'], triggers: 'asleep' },
  'subscription.coupon_claims.invoice': { names: ['description'], triggers: 'asleep' },
  'subscription.subscription_changes.target': { names: ['name', 'key'], triggers: 'asleep' },
  'subscription.subscriptions.items': { names: ['name', 'key'], triggers: 'asleep' },
};

/** Amounts, dates, ids and words from a list; or planted by a route. */
const NEEDS_NONE: ReadonlySet<string> = new Set([
  // The custom plan's texts were published: its draft is gone.
  'catalog.plans.draft',
  'subscription.coupon_claims.plan_ids',
  'subscription.coupon_claims.terms',
  // Its one text is the code, which is planted where the coupon is issued.
  'subscription.subscriptions.renewal_coupon',
]);

/** Plants in JSON that is there, and answers the words. Throws for a column that nobody has thought of. */
export const plantInJson = async (
  databases: Databases,
  account: string,
  canary: (what: string) => string,
): Promise<readonly string[]> => {
  const words: string[] = [];
  for (const service of PLANTED_SERVICES) {
    const pool = databases.of(service);
    const { rows: columns } = await pool.query<{ table: string; column: string }>(OWNED_JSON);
    for (const { table, column } of columns) {
      const name = `${service}.${table}.${column}`;
      if (NEEDS_NONE.has(name)) continue;
      const planting = PLANTED[name];
      if (planting === undefined) throw new Error(`No canary is planted in ${name}. Plant one, or say why not.`);
      const planted = await plant(pool, { table, column, account }, { ...planting, canary });
      if (planted.length === 0) throw new Error(`${account} has no text in ${name}: nothing was planted there.`);
      words.push(...planted);
    }
  }
  return words;
};

const plant = async (
  pool: pg.Pool,
  { table, column, account }: { readonly table: string; readonly column: string; readonly account: string },
  { names, triggers, canary }: JsonPlanting & { readonly canary: (what: string) => string },
): Promise<readonly string[]> => {
  const words: string[] = [];
  const say = (name: string): string => {
    const word = canary(`${column}-${name}`.replaceAll('_', '-').toLowerCase());
    words.push(word);
    return word;
  };
  const client = await pool.connect();
  try {
    if (triggers === 'asleep') await client.query('SET session_replication_role = replica');
    const { rows } = await client.query<{ place: string; json: unknown }>(
      `SELECT ctid::text AS place, ${column} AS json FROM ${table} WHERE account_id = $1 AND ${column} IS NOT NULL`,
      [account],
    );
    for (const { place, json } of rows) {
      const changed = JSON.stringify(withWords(json, names, say));
      await client.query(`UPDATE ${table} SET ${column} = $1::jsonb WHERE ctid = $2::tid`, [changed, place]);
    }
  } finally {
    client.release(true);
  }
  return words;
};

/** The same, with a word of its own for every text that has one of these names. */
const withWords = (value: unknown, names: readonly string[], say: (name: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((inner) => withWords(inner, names, say));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) =>
      names.includes(name) && typeof inner === 'string' ? [name, say(name)] : [name, withWords(inner, names, say)],
    ),
  );
};

const OWNED_JSON = `
  SELECT c.table_name AS "table", c.column_name AS "column" FROM information_schema.columns c
  WHERE c.table_schema = 'public' AND c.data_type IN ('json', 'jsonb') AND EXISTS (
    SELECT 1 FROM information_schema.columns owner
    WHERE owner.table_schema = 'public' AND owner.table_name = c.table_name AND owner.column_name = 'account_id')
  ORDER BY 1, 2`;
