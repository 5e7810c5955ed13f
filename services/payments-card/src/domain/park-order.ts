import { type Decision, decision, recordOf } from './decision.ts';
import { type PaymentsCardCode } from './errors.ts';
import { type Order } from './order.ts';
import { type CapturedPayment, type ProviderAmount } from './reading.ts';

export interface Problem {
  readonly code: PaymentsCardCode;
  readonly what: string;
}

/** Money that does not match is never booked by a machine. The order keeps its state and is not swept any more. */
export const parkOrder = (order: Order, now: Date, { code, what }: Problem): Decision => {
  if (order.parked?.code === code) return decision({ ...order, dueAt: null });
  const message = `The provider reports ${what} for order ${order.id}. Compare it with the order, then refund or book by hand.`;
  const next: Order = { ...order, dueAt: null, parked: { code, message, since: now } };
  return decision(next, [], [recordOf('order.parked', next, { reason: code, after: { what } })]);
};

/** A refund or dispute made at the provider itself: shown to a person until it can be booked. */
export const decideMoneyWentBack = (order: Order, what: string, now: Date): Decision =>
  parkOrder(order, now, { code: 'payments_card.money_went_back', what });

/** What was paid, as the provider tells it: the whole, and the payment in it. */
export interface PaidFacts {
  readonly reference: string;
  readonly amount: ProviderAmount | null;
  readonly payment: CapturedPayment | null;
}

/** Null when exactly the expected amount came. */
export const wrongAmount = (paid: PaidFacts, expected: ProviderAmount): Problem | null => {
  const same = (amount: ProviderAmount | null): boolean =>
    amount !== null && amount.units === expected.units && amount.currency === expected.currency;
  if (paid.payment === null) return mismatch('paid without a payment', paid);
  if (!same(paid.amount)) return mismatch('another total', paid);
  return same(paid.payment.amount) ? null : mismatch('another captured amount', paid);
};

export const mismatch = (what: string, { reference, amount }: Omit<PaidFacts, 'payment'>): Problem => {
  const said = amount === null ? 'no amount' : `${String(amount.units)} ${amount.currency}`;
  return { code: 'payments_card.amount_mismatch', what: `${what} (${reference}: ${said})` };
};
