import { assertNever } from '@quittance/kernel';

import { completeOrder, type CompletionIds } from './complete-order.ts';
import { type Decision, decision, recordOf } from './decision.ts';
import { type OrderMessage } from './messages.ts';
import { type Attempt, type Order } from './order.ts';
import { mismatch, parkOrder, wrongAmount } from './park-order.ts';
import { type ProviderAmount, type Reading } from './reading.ts';
import { nextReadAt, type When } from './schedule.ts';
import { transition, type Trigger } from './transitions.ts';

export interface ReadingFacts extends When, CompletionIds {
  readonly reading: Reading;
  /** The order's amount in the provider's units. */
  readonly expected: ProviderAmount;
  /** Declines an event told of; the provider itself remembers only the last one. */
  readonly declines: readonly Attempt[];
}

/**
 * Order × what the provider says → what becomes of it. The provider's reading decides, not the event that made us read,
 * so events in any order and any number end the same. Only `paid`, with the very amount, completes.
 */
export const decideReading = (order: Order, facts: ReadingFacts): Decision => {
  const { reading } = facts;
  const told = { reference: reading.session.reference, amount: reading.amount, payment: reading.payment };
  if (reading.orderId !== order.id) return parkOrder(order, facts.now, mismatch('a session of another order', told));
  const trigger = triggerOf(reading);
  if (trigger === 'paid' && order.payment === null) {
    const wrong = wrongAmount(told, facts.expected);
    if (wrong !== null) return parkOrder(order, facts.now, wrong);
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
      return facts.reading.payment === null ? decision(order) : completeOrder(order, facts.reading.payment, facts);
    case 'expired':
      return decision(order, [{ type: 'order.expired', order }], [recordOf('order.expired', order)]);
    case 'confirming':
      return decision(order, [], [recordOf('payment.confirming', order)]);
    case 'opening':
    case 'charging':
    case 'open':
    case 'closing':
    case 'failed':
      return decision(order);
    default:
      return assertNever(order.state);
  }
};

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
  const told: readonly OrderMessage[] = payable
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

/** A reading that fits ends every doubt but money that went back: that stays until a person has booked it. */
const clearedParking = ({ parked }: Order) => (parked?.code === 'payments_card.outcome_unknown' ? null : parked);
