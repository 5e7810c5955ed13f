import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { readObject } from './objects.ts';
import { missingObject } from './stripe-error.ts';

/** What came in minus what went back, per currency. */
export const retrieveBalance = async (call: StripeCall): Promise<Stripe.Balance> => {
  const rows = await call.tx.query<{ currency: string; amount: string }>(
    `SELECT body->>'currency' AS currency, sum((body->>'net')::bigint)::text AS amount
     FROM stripe_objects WHERE kind = 'balance_transaction' GROUP BY 1 ORDER BY 1`,
  );
  const sums = rows.map((row) => ({ amount: Number(row.amount), currency: row.currency }));
  const available = sums.length === 0 ? [{ amount: 0, currency: 'usd' }] : sums;
  return {
    object: 'balance',
    available: available.map((sum) => ({ ...sum, source_types: { card: sum.amount } })),
    livemode: false,
    pending: available.map((sum) => ({ amount: 0, currency: sum.currency, source_types: { card: 0 } })),
  };
};

export const retrieveBalanceTransaction = async (call: StripeCall): Promise<Stripe.BalanceTransaction> => {
  const id = call.path['id'] ?? '';
  const transaction = await readObject(call.tx, 'balance_transaction', id);
  if (transaction === null) throw missingObject('balance_transaction', id);
  return transaction;
};
