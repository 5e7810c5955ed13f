import { must } from '@quittance/kernel';
import { databaseNameOf, type SuiteFacts, withDatabase } from '@quittance/local';
import pg from 'pg';

import { sandboxClock } from './sandbox-clock.ts';

export interface DueCustomers {
  readonly model: string;
  readonly name: string;
  readonly count: number;
  /** Default: an hour. */
  readonly dueInMs?: number;
}

/**
 * `count` customers like one who has really bought (`model`), each with a card of its own at the provider, all due an
 * hour from now. Their accounts are `acc_<name><n>`. Written straight into the databases, as a thousand purchases would
 * have left them.
 */
export const addDueCustomers = async (
  facts: SuiteFacts,
  { model, name, count, dueInMs = 60 * 60 * 1000 }: DueCustomers,
): Promise<Date> => {
  const dueAt = new Date((await sandboxClock(facts).now()).getTime() + dueInMs);
  const card = await inDatabase(facts, 'payments-card', (client) => client.query<Card>(CARD_OF, [model]));
  const { customer, method } = must(card.rows[0], `card of ${model}`);
  await inDatabase(facts, 'sandbox', (client) => client.query(ADD_CARDS, [name, count, customer, method]));
  await inDatabase(facts, 'payments-card', (client) => client.query(ADD_METHODS, [model, name, count]));
  await inDatabase(facts, 'subscription', (client) => client.query(ADD_SUBSCRIPTIONS, [model, name, count, dueAt]));
  return dueAt;
};

const inDatabase = async <Result>(
  facts: SuiteFacts,
  name: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> => {
  const client = new pg.Client({
    connectionString: withDatabase(facts.adminUrl, databaseNameOf(name, facts.databasePrefix)),
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

interface Card {
  readonly customer: string;
  readonly method: string;
}

const CARD_OF = `
  SELECT customer_reference AS customer, method_reference AS method FROM stored_methods WHERE account_id = $1 LIMIT 1`;

/** Copies of the model's customer and card with fresh ids; the test card behind it stays the same. */
const ADD_CARDS = `
  INSERT INTO stripe_objects (id, kind, created, body, hidden)
  SELECT CASE o.kind WHEN 'customer' THEN 'cus_' ELSE 'pm_' END || $1 || i, o.kind, o.created,
    o.body || jsonb_build_object('id', CASE o.kind WHEN 'customer' THEN 'cus_' ELSE 'pm_' END || $1 || i)
      || CASE o.kind WHEN 'payment_method' THEN jsonb_build_object('customer', 'cus_' || $1 || i) ELSE '{}' END,
    o.hidden
  FROM generate_series(1, $2::int) AS i, (
    SELECT * FROM stripe_objects
    WHERE (kind = 'customer' AND id = $3) OR (kind = 'payment_method' AND id = $4)) AS o`;

const ADD_METHODS = `
  INSERT INTO stored_methods
  SELECT (jsonb_populate_record(null::stored_methods, to_jsonb(m) || jsonb_build_object(
    'id', 'spm_01' || translate(substr(md5($2 || i), 1, 24), 'ilou', 'wxyz'), 'account_id', 'acc_' || $2 || i,
    'customer_reference', 'cus_' || $2 || i, 'method_reference', 'pm_' || $2 || i))).*
  FROM (SELECT * FROM stored_methods WHERE account_id = $1 LIMIT 1) AS m, generate_series(1, $3::int) AS i`;

const ADD_SUBSCRIPTIONS = `
  INSERT INTO subscriptions
  SELECT (jsonb_populate_record(null::subscriptions, to_jsonb(s) || jsonb_build_object(
    'id', 'sub_01' || translate(substr(md5($2 || i), 1, 24), 'ilou', 'wxyz'), 'account_id', 'acc_' || $2 || i,
    'period_start', $4::timestamptz - CASE s.interval WHEN 'year' THEN interval '1 year' ELSE interval '1 month' END,
    'period_end', $4::timestamptz, 'due_at', $4::timestamptz, 'due_kind', 'renewal'))).*
  FROM (SELECT * FROM subscriptions WHERE account_id = $1 AND status = 'active' LIMIT 1) AS s,
    generate_series(1, $3::int) AS i`;
