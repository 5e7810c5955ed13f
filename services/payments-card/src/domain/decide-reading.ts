import { assertNever, type Id } from '@quittance/kernel';

import { type Decision, decision, recordOf } from './decision.ts';
import { type PaymentsCardCode } from './errors.ts';
import { type CardMessage } from './messages.ts';
import { type Attempt, type Order, type Payment } from './order.ts';
import { type CapturedPayment, type ProviderAmount, type Reading } from './reading.ts';
import { nextReadAt, type When } from './schedule.ts';
import { transition, type Trigger } from './transitions.ts';

export interface ReadingFacts extends When {
  readonly reading: Reading;
  /** The order's amount in the provider's units. */
  readonly expected: ProviderAmount;
  /** Declines an event told of; the provider itself remembers only the last one. */
  readonly declines: readonly Attempt[];
  /** Ids for what may come into being. */
  readonly paymentId: Id<'pay'>;
  readonly storedMethodId: Id<'spm'>;
}

/**
 * Order × what the provider says → what becomes of it. The provider's reading decides, not the event that made us read,
 * so events in any order and any number end the same. Only `paid`, with the very amount, completes.
 */
export const decideReading = (order: Order, facts: ReadingFacts): Decision => {
  const { reading } = facts;
  if (reading.orderId !== order.id) return park(order, facts, mismatch('a session of another order', reading));
  const trigger = triggerOf(reading);
  if (trigger === 'paid' && order.payment === null) {
    const wrong = wrongAmount(facts);
    if (wrong !== null) return park(order, facts, wrong);
  }
  const state = transition(order.state, trigger);
  const known: Order = { ...order, unknownSince: null, tries: 0, parked: clearedParking(order) };
  const moved: Order = { ...known, state, session: reading.session };
  const attempts = freshDeclines(order, facts);
  const decided = state === order.state ? decision(moved) : arrive(moved, facts);
  return withDeclines(scheduled(decided, facts), attempts);
};

const triggerOf = ({ status, money }: Reading): Trigger => {
  // Paid wins over everything: a session may have expired beside a payment that went through.
  if (money === 'paid') return 'paid';
  if (status === 'open') return 'still_open';
  if (status === 'expired') return 'expired';
  return money === 'on_its_way' ? 'money_on_its_way' : 'money_never_came';
};

/** The order has reached another state: what that brings about. */
const arrive = (order: Order, facts: ReadingFacts): Decision => {
  switch (order.state) {
    case 'completed':
      return complete(order, facts);
    case 'expired':
      return decision(order, [{ type: 'order.expired', order }], [recordOf('order.expired', order)]);
    case 'confirming':
      return decision(order, [], [recordOf('payment.confirming', order)]);
    case 'opening':
    case 'open':
    case 'closing':
    case 'failed':
      return decision(order);
    default:
      return assertNever(order.state);
  }
};

const complete = (moved: Order, { reading, paymentId, storedMethodId }: ReadingFacts): Decision => {
  const captured = reading.payment;
  if (captured === null) return decision(moved);
  const payment: Payment = {
    id: paymentId,
    providerReference: captured.reference,
    method: captured.method,
    capturedAt: captured.capturedAt,
  };
  const succeeded: Attempt = {
    reference: captured.attemptReference,
    outcome: 'succeeded',
    reason: null,
    at: captured.capturedAt,
  };
  const order: Order = { ...moved, payment, attempts: [...moved.attempts, succeeded] };
  return {
    order,
    attempts: [succeeded],
    storedMethod: storedMethodOf(captured, storedMethodId),
    messages: [{ type: 'payment.completed', order }],
    audit: [recordOf('payment.completed', order, { after: trailOf(order, captured) })],
  };
};

const trailOf = (order: Order, captured: CapturedPayment) => ({
  paymentReference: captured.reference,
  amount: String(order.amount.amountMinor),
  currency: order.amount.currency,
  method: captured.method,
});

const storedMethodOf = ({ reusable, method }: CapturedPayment, id: Id<'spm'>) =>
  reusable === null || method === null ? null : { id, ...reusable, ...method };

const freshDeclines = (order: Order, { reading, declines }: ReadingFacts): readonly Attempt[] => {
  const told = reading.decline === null ? declines : [...declines, reading.decline];
  const known = new Set(order.attempts.map((attempt) => attempt.reference));
  return told.filter(({ reference }) => {
    const fresh = !known.has(reference);
    known.add(reference);
    return fresh;
  });
};

/** Every decline is recorded; it is told only while the customer can still do something about it. */
const withDeclines = (decided: Decision, declines: readonly Attempt[]): Decision => {
  if (declines.length === 0) return decided;
  const order: Order = { ...decided.order, attempts: [...decided.order.attempts, ...declines] };
  const payable = order.state === 'open' || order.state === 'closing' || order.state === 'expired';
  const told: readonly CardMessage[] = payable
    ? declines.map((attempt) => ({ type: 'payment.failed', order, attempt }) as const)
    : [];
  const records = declines.map((attempt) =>
    recordOf('payment.declined', order, {
      result: 'failed',
      ...(attempt.reason === null ? {} : { reason: attempt.reason }),
      after: { attempt: attempt.reference },
    }),
  );
  return {
    ...decided,
    order,
    attempts: [...declines, ...decided.attempts],
    messages: [...told, ...decided.messages],
    audit: [...records, ...decided.audit],
  };
};

const scheduled = (decided: Decision, when: When): Decision => ({
  ...decided,
  order: { ...decided.order, dueAt: nextReadAt(decided.order, when) },
});

const wrongAmount = (facts: ReadingFacts): Problem | null => {
  const { reading, expected } = facts;
  const same = (amount: ProviderAmount | null): boolean =>
    amount !== null && amount.units === expected.units && amount.currency === expected.currency;
  if (reading.payment === null) return mismatch('paid without a payment', reading);
  if (!same(reading.amount)) return mismatch('another total', reading);
  return same(reading.payment.amount) ? null : mismatch('another captured amount', reading);
};

interface Problem {
  readonly code: PaymentsCardCode;
  readonly what: string;
}

const mismatch = (what: string, { session, amount }: Reading): Problem => {
  const said = amount === null ? 'no amount' : `${String(amount.units)} ${amount.currency}`;
  return { code: 'payments_card.amount_mismatch', what: `${what} (${session.reference}: ${said})` };
};

/** Money that does not match is never booked by a machine. The order keeps its state and is not swept any more. */
const park = (order: Order, { now }: Pick<When, 'now'>, { code, what }: Problem): Decision => {
  if (order.parked?.code === code) return decision({ ...order, dueAt: null });
  const message = `The provider reports ${what} for order ${order.id}. Compare it with the order, then refund or book by hand.`;
  const next: Order = { ...order, dueAt: null, parked: { code, message, since: now } };
  return decision(next, [], [recordOf('order.parked', next, { reason: code, after: { what } })]);
};

/** A reading that fits ends every doubt but money that went back: that stays until a person has booked it. */
const clearedParking = ({ parked }: Order) => (parked?.code === 'payments_card.outcome_unknown' ? null : parked);

/** A refund or dispute made at the provider itself: shown to a person until it can be booked. */
export const decideMoneyWentBack = (order: Order, what: string, now: Date): Decision =>
  park(order, { now }, { code: 'payments_card.money_went_back', what });
