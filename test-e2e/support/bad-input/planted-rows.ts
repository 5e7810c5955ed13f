import type pg from 'pg';

import { type Databases, PLANTED_SERVICES } from './databases.ts';

/** Texts of an account that no route writes, or none with words of one’s own. */
const ROWS: Readonly<Record<string, readonly Planting[]>> = {
  subscription: [
    { table: 'subscriptions', columns: ['plan_name'] },
    {
      table: 'checkouts',
      columns: ['failure_message', 'pay_url'],
      also: "failure_code = 'payments_card.amount_out_of_range'",
    },
    {
      table: 'parked_work',
      columns: ['message'],
      insert: `(id, code, message, subject_type, subject_id, account_id, correlation_id, since)
        VALUES ('chk_00000000000000000000000000', 'subscription.plan_retired', '', 'checkout', 'x', $1, 'x', now())`,
    },
  ],
  invoicing: [
    { table: 'invoices', columns: ['buyer_name', 'buyer_address', 'buyer_tax_id'] },
    {
      table: 'invoice_lines',
      columns: ['description'],
      of: 'invoice_id IN (SELECT id FROM invoices WHERE account_id = $1)',
    },
    {
      table: 'billing_profiles',
      columns: ['name', 'address', 'vat_id', 'email'],
      insert: '(account_id, version, updated_at) VALUES ($1, 1, now()) ON CONFLICT DO NOTHING',
    },
    { table: 'payments', columns: ['method_brand'] },
  ],
  'payments-card': [
    {
      table: 'orders',
      columns: ['parked_message'],
      also: "parked_code = 'payments_card.amount_mismatch', parked_since = now()",
    },
    { table: 'payments', columns: ['method_brand'] },
    { table: 'stored_methods', columns: ['brand'] },
  ],
};

interface Planting {
  readonly table: string;
  readonly columns: readonly string[];
  /** Which rows are the account’s ($1), where they do not say so themselves. */
  readonly of?: string;
  /** What must be set together with them. */
  readonly also?: string;
  /** Makes a row where a purchase makes none. */
  readonly insert?: string;
}

/** Columns of words from a list, of names that machines gave, and of what an API has planted in already. */
const NEEDS_NONE =
  /(^|_)(ids?|key|kind|status|state|currency|interval|country|language|rail|provider|code|hash|reference|number|side|ledger|outcome|basis|level|last4|feature|role|actor|source|type|action|service|result|applied_to|decline_reason|tax_reason|owner|url|document|draft|items|terms|target|due_now|open_request|discount|renewal_coupon|invoice|refusal|suspended_by|plan_from|seller_[a-z]+|currencies)$/;
/** Told to nobody but operators, who may read every account; or planted by a route. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'subscription.plan_move_rows.refusal_message',
  'subscription.subscription_changes.reason',
  // One of a list.
  'payments-card.order_attempts.reason',
]);

/** Plants in rows that are there, and answers the words. Throws for a column that nobody has thought of. */
export const plantInRows = async (
  databases: Databases,
  account: string,
  canary: (what: string) => string,
): Promise<readonly string[]> => {
  const words: string[] = [];
  for (const service of PLANTED_SERVICES) {
    const pool = databases.of(service);
    const plantings = ROWS[service] ?? [];
    await requireEveryColumn(service, pool, plantings);
    for (const planting of plantings) words.push(...(await plant(pool, account, { planting, canary })));
  }
  return words;
};

const plant = async (
  pool: pg.Pool,
  account: string,
  { planting, canary }: { readonly planting: Planting; readonly canary: (what: string) => string },
): Promise<readonly string[]> => {
  const { table, columns, of = 'account_id = $1', also, insert } = planting;
  if (insert !== undefined) await pool.query(`INSERT INTO ${table} ${insert}`, [account]);
  const words = columns.map((column) => canary(column.replaceAll('_', '-')));
  const set = columns.map((column, index) => {
    const word = `$${index + 2}::text`;
    return `${column} = ${column === 'pay_url' ? `'https://pay.example/' || ${word}` : word}`;
  });
  const assignments = [...set, ...(also === undefined ? [] : [also])].join(', ');
  const rowCount = await changeAnyRow(pool, `UPDATE ${table} SET ${assignments} WHERE ${of}`, [account, ...words]);
  if (rowCount === 0) throw new Error(`${account} has no row in ${table}: nothing was planted there.`);
  return words;
};

/** Attempts and issued invoices are never changed: for this once their triggers are asleep. */
const changeAnyRow = async (pool: pg.Pool, text: string, values: readonly string[]): Promise<number> => {
  const client = await pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    const { rowCount } = await client.query(text, [...values]);
    return rowCount ?? 0;
  } finally {
    client.release(true);
  }
};

const requireEveryColumn = async (service: string, pool: pg.Pool, plantings: readonly Planting[]): Promise<void> => {
  const { rows } = await pool.query<{ table: string; column: string }>(OWNED_TEXTS);
  const planted = new Set(plantings.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)));
  const forgotten = rows
    .map(({ table, column }) => ({ name: `${table}.${column}`, column }))
    .filter(
      ({ name, column }) => !planted.has(name) && !NEEDS_NONE.test(column) && !ELSEWHERE.has(`${service}.${name}`),
    );
  if (forgotten.length === 0) return;
  const names = forgotten.map(({ name }) => name).join(', ');
  throw new Error(`No canary is planted in ${service}: ${names}. Plant one, or say why not.`);
};

/** Of tables that name the account, and of those whose rows hang on one of them. */
const OWNED_TEXTS = `
  WITH named AS (SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'account_id'),
  hanging AS (
    SELECT c.conrelid::regclass::text AS table_name FROM pg_constraint c
    WHERE c.contype = 'f' AND c.confrelid::regclass::text IN (SELECT quote_ident(table_name) FROM named)
  )
  SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
  WHERE table_schema = 'public' AND data_type IN ('text', 'json', 'jsonb', 'ARRAY', 'character varying')
    AND (table_name IN (SELECT table_name FROM named) OR table_name IN (SELECT table_name FROM hanging))`;
