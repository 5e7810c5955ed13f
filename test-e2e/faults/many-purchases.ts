import { CARDS, PURCHASE_TRAIL, until } from '@quittance/local';

import { type Violation } from './fault.ts';
import { countTo, inLanes } from './lanes.ts';
import { type Counter, newAccount, openCheckout, type Purchase, verifiedChain, WISH } from './purchase.ts';

const ENDS_WITHIN_MS = 120_000;

/** Purchases under way at once: enough to cross each other, few enough for two cores. */
export const AT_ONCE = 6;

export interface Paid extends Purchase {
  readonly orderId: string;
}

/** Records of the trail of a purchase whose first card was declined: the decline, and the webhook that told of it. */
export const RECORDS_WITH_DECLINE = PURCHASE_TRAIL.length + 2;

/** Each customer opens a checkout and pays; whether that has an effect yet is not waited for. */
export const payMany = (
  counter: Counter,
  count: number,
  options: { readonly declineFirst: boolean } = { declineFirst: false },
): Promise<readonly Paid[]> =>
  inLanes(countTo(count), AT_ONCE, async () => {
    const account = newAccount();
    const { checkoutId, payUrl } = await openCheckout(counter, account);
    if (options.declineFirst) await counter.shopper.pay(payUrl, CARDS.declines);
    await counter.shopper.pay(payUrl, CARDS.succeeds);
    return { account, checkoutId, orderId: await orderOf(counter, checkoutId) };
  });

const orderOf = async ({ truths }: Counter, checkoutId: string): Promise<string> => {
  const [order] = await truths.rows<{ id: string }>('payments-card', 'SELECT id FROM orders WHERE checkout_id = $1', [
    checkoutId,
  ]);
  if (order === undefined) throw new Error(`Checkout ${checkoutId} has no order.`);
  return order.id;
};

/**
 * Of each account exactly one charge, one paid invoice, one active subscription, access, and a sealed trail of exactly
 * `records` (null: not counted); the chain verifies. What has not come about after two minutes is told.
 */
export const judgeMany = async (
  counter: Counter,
  purchases: readonly Purchase[],
  records: number | null = PURCHASE_TRAIL.length,
): Promise<readonly Violation[]> => {
  const ask = (): Promise<readonly Violation[]> => violationsNow(counter, purchases, records);
  const left = await until('every purchase to be whole', ask, {
    enough: (violations) => violations.length === 0,
    deadlineMs: ENDS_WITHIN_MS,
    everyMs: 250,
  }).catch(ask);
  const denied = await inLanes(purchases, AT_ONCE, (purchase) => accessViolation(counter, purchase));
  const chain = await verifiedChain(counter.shopper, counter.financeToken);
  return [
    ...left,
    ...denied.flat(),
    ...(chain.valid ? [] : [{ invariant: 'I7', harm: 'unbalanced', what: 'the audit chain is broken' } as const]),
  ];
};

const violationsNow = async (
  { truths }: Counter,
  purchases: readonly Purchase[],
  records: number | null,
): Promise<readonly Violation[]> => {
  const accounts = purchases.map(({ account }) => account);
  const count = async (what: string, service: 'invoicing' | 'subscription' | 'payments-card', sql: string) =>
    exactlyOne(what, accounts, await truths.rows<Counted>(service, sql, [accounts]));
  const [charges, ...counted] = await Promise.all([
    chargesOf(truths, accounts),
    count('payment', 'payments-card', `${ACCOUNT_COUNT} FROM payments ${OF_ACCOUNTS}`),
    count('paid invoice', 'invoicing', `${ACCOUNT_COUNT} FROM invoices ${PAID} GROUP BY 1`),
    count('active subscription', 'subscription', `${ACCOUNT_COUNT} FROM subscriptions ${ACTIVE} GROUP BY 1`),
    records === null ? [] : trailsOf(truths, purchases, records),
  ]);
  return [...exactlyOne('charge', accounts, charges), ...counted.flat()];
};

interface Counted {
  readonly key: string;
  readonly count: number;
}

const ACCOUNT_COUNT = 'SELECT account_id AS key, count(*)::int AS count';
const OF_ACCOUNTS = 'WHERE account_id = ANY ($1::text[]) GROUP BY 1';
const PAID = "WHERE account_id = ANY ($1::text[]) AND status = 'paid'";
const ACTIVE = "WHERE account_id = ANY ($1::text[]) AND status = 'active'";

/** What the provider took, by the account whose order it names. */
const chargesOf = async (truths: Counter['truths'], accounts: readonly string[]): Promise<readonly Counted[]> => {
  const [books, orders] = await Promise.all([
    truths.books(),
    truths.rows<{ id: string; account: string }>(
      'payments-card',
      'SELECT id, account_id AS account FROM orders WHERE account_id = ANY ($1::text[])',
      [accounts],
    ),
  ]);
  const accountOf = new Map(orders.map(({ id, account }) => [id, account]));
  const counts = new Map<string, number>();
  for (const { metadata, status, captured } of books.charges) {
    const account = accountOf.get(metadata['order'] ?? '');
    if (account !== undefined && captured && status === 'succeeded')
      counts.set(account, (counts.get(account) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => ({ key, count }));
};

const trailsOf = async (
  truths: Counter['truths'],
  purchases: readonly Purchase[],
  records: number,
): Promise<readonly Violation[]> => {
  const checkouts = purchases.map(({ checkoutId }) => checkoutId);
  const rows = await truths.rows<Counted>(
    'audit',
    `SELECT r.correlation_id AS key, count(*)::int AS count FROM audit_records r JOIN audit_seals s ON s.record_id = r.id
     WHERE r.correlation_id = ANY ($1::text[]) GROUP BY 1`,
    [checkouts],
  );
  return exactly('sealed record', { keys: checkouts, counted: rows, wanted: records });
};

const exactlyOne = (what: string, keys: readonly string[], counted: readonly Counted[]): readonly Violation[] =>
  exactly(what, { keys, counted, wanted: 1 });

const exactly = (
  what: string,
  facts: { readonly keys: readonly string[]; readonly counted: readonly Counted[]; readonly wanted: number },
): readonly Violation[] => {
  const counts = new Map(facts.counted.map(({ key, count }) => [key, count]));
  return facts.keys.flatMap((key) => {
    const got = counts.get(key) ?? 0;
    if (got === facts.wanted) return [];
    const harm = got < facts.wanted ? 'lost' : 'doubled';
    return [{ invariant: 'purchase', harm, what: `${key}: ${got} of ${facts.wanted} ${what}` } as const];
  });
};

const accessViolation = async (
  { shopper, serviceToken }: Counter,
  { account }: Purchase,
): Promise<readonly Violation[]> => {
  const answer = await until(
    'access',
    () => shopper.check(serviceToken, { account, product: WISH.product }).catch(() => null),
    { enough: (said) => said?.allowed === true, deadlineMs: 30_000, everyMs: 100 },
  ).catch(() => null);
  return answer === null ? [{ invariant: 'purchase', harm: 'lost', what: `${account} was not let in` }] : [];
};
