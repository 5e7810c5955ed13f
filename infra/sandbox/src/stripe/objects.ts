import { type Stripe } from 'stripe';

import { type Tx } from '../database.ts';
import { type OwnInvoice, type OwnSubscription } from './own-subscription.ts';
import { type Params } from './params.ts';
import { type PortalSession } from './portal-session.ts';
import { invalidParam } from './stripe-error.ts';

/** The kinds of object the stand-in keeps, with Stripe's own types for them. */
export interface Kinds {
  customer: Stripe.Customer;
  payment_method: Stripe.PaymentMethod;
  payment_intent: Stripe.PaymentIntent;
  setup_intent: Stripe.SetupIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  balance_transaction: Stripe.BalanceTransaction;
  event: Stripe.EventBase;
  'checkout.session': Stripe.Checkout.Session;
  'billing_portal.session': PortalSession;
  subscription: OwnSubscription;
  invoice: OwnInvoice;
}
export type Kind = keyof Kinds;

/** What Stripe knows and never shows: the test card behind a payment method, what a session will ask its intent for. */
export interface Hidden {
  payment_method: { readonly testCard: string };
  'checkout.session': {
    readonly lineItems: Stripe.LineItem[];
    readonly intent: {
      readonly metadata: Record<string, string>;
      readonly description: string | null;
      readonly setupFutureUsage: 'off_session' | 'on_session' | null;
      readonly receiptEmail: string | null;
    };
  };
  payment_intent: { readonly sessionId: string | null; readonly returnUrl: string | null };
}

export const insertObject = async <K extends Kind>(
  tx: Tx,
  body: Kinds[K] & { readonly object: K },
  hidden: K extends keyof Hidden ? Hidden[K] : null,
): Promise<void> => {
  const created = 'created' in body ? body.created : 0;
  await tx.query('INSERT INTO stripe_objects (id, kind, created, body, hidden) VALUES ($1, $2, $3, $4, $5)', [
    body.id,
    body.object,
    created,
    JSON.stringify(body),
    JSON.stringify(hidden ?? {}),
  ]);
};

export const updateObject = async (tx: Tx, body: Kinds[Kind]): Promise<void> => {
  await tx.query('UPDATE stripe_objects SET body = $2 WHERE id = $1', [body.id, JSON.stringify(body)]);
};

export const removeObject = async (tx: Tx, id: string): Promise<void> => {
  await tx.query('DELETE FROM stripe_objects WHERE id = $1', [id]);
};

export const readObject = async <K extends Kind>(tx: Tx, kind: K, id: string): Promise<Kinds[K] | null> => {
  const rows = await tx.query<{ body: Kinds[K] }>('SELECT body FROM stripe_objects WHERE id = $1 AND kind = $2', [
    id,
    kind,
  ]);
  return rows[0]?.body ?? null;
};

/** Waits for whoever holds the row: two submits of one form charge once. */
export const lockObject = async <K extends Kind>(tx: Tx, kind: K, id: string): Promise<Kinds[K] | null> => {
  const sql = 'SELECT body FROM stripe_objects WHERE id = $1 AND kind = $2 FOR UPDATE';
  const rows = await tx.query<{ body: Kinds[K] }>(sql, [id, kind]);
  return rows[0]?.body ?? null;
};

export const readHidden = async <K extends keyof Hidden>(tx: Tx, kind: K, id: string): Promise<Hidden[K] | null> => {
  const sql = 'SELECT hidden FROM stripe_objects WHERE id = $1 AND kind = $2';
  const rows = await tx.query<{ hidden: Hidden[K] }>(sql, [id, kind]);
  return rows[0]?.hidden ?? null;
};

export const allObjects = async <K extends Kind>(tx: Tx, kind: K): Promise<readonly Kinds[K][]> => {
  const rows = await tx.query<{ body: Kinds[K] }>('SELECT body FROM stripe_objects WHERE kind = $1 ORDER BY sequence', [
    kind,
  ]);
  return rows.map((row) => row.body);
};

/** One page, newest first, with Stripe's cursors; `fields` are the equality filters this kind knows. */
export const listObjects = async <K extends Kind>(
  tx: Tx,
  kind: K,
  query: { readonly params: Params; readonly url: string; readonly fields: readonly string[] },
): Promise<Stripe.ApiList<Kinds[K]>> => {
  const { params, url, fields } = query;
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100)
    throw invalidParam('limit', 'Limit must be between 1 and 100.', 'parameter_invalid_integer');
  const where = ['kind = $1'];
  const values: unknown[] = [kind];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  for (const field of fields) {
    const value = params.text(field);
    if (value !== null) where.push(`body->>'${field}' = ${bind(value)}`);
  }
  createdFilters(params).forEach(([operator, value]) => where.push(`created ${operator} ${bind(value)}`));
  const after = params.text('starting_after');
  const before = params.text('ending_before');
  const sequenceOf = (id: string): string => `(SELECT sequence FROM stripe_objects WHERE id = ${bind(id)})`;
  if (after !== null) where.push(`sequence < ${sequenceOf(after)}`);
  if (before !== null) where.push(`sequence > ${sequenceOf(before)}`);
  const order = before === null ? 'DESC' : 'ASC';
  const sql = `SELECT body FROM stripe_objects WHERE ${where.join(' AND ')} ORDER BY sequence ${order} LIMIT ${limit + 1}`;
  const rows = await tx.query<{ body: Kinds[K] }>(sql, values);
  const data = rows.slice(0, limit).map((row) => row.body);
  return { object: 'list', data: before === null ? data : data.toReversed(), has_more: rows.length > limit, url };
};

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

const createdFilters = (params: Params): readonly (readonly [string, number])[] => {
  const range = params.child('created');
  if (range === null) {
    const exact = params.integer('created');
    return exact === null ? [] : [['=', exact]];
  }
  return Object.entries(OPERATORS).flatMap(([name, operator]) => {
    const value = range.integer(name);
    return value === null ? [] : [[operator, value] as const];
  });
};
