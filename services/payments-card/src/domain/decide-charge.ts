import { completeOrder, type CompletionIds } from './complete-order.ts';
import { type NewOrder } from './decide-opening.ts';
import { type Decision, decision, recordOf } from './decision.ts';
import { type Attempt, type Charge, type OpenRequest, type Order } from './order.ts';
import { mismatch, parkOrder, wrongAmount } from './park-order.ts';
import { type ChargeReading, type ProviderAmount } from './reading.ts';
import { retryDelayMs } from './schedule.ts';
import { transition, type Trigger } from './transitions.ts';

/** The provider's idempotency key, and unique in our table: an attempt is one charge, whoever asks for it again. */
export const chargeKeyOf = (invoiceId: string, attempt: number): string => `charge:${invoiceId}:${attempt}`;

/** The intent to charge the stored method, recorded before anybody is asked. */
export const newCharge = (
  facts: NewOrder,
  charge: Omit<Charge, 'reference'>,
  sending: { readonly request: OpenRequest; readonly now: Date },
): Order => ({
  ...facts,
  state: 'charging',
  version: 0,
  openRequest: sending.request,
  session: null,
  charge: { ...charge, reference: null },
  payment: null,
  attempts: [],
  parked: null,
  firstSentAt: null,
  unknownSince: null,
  tries: 0,
  dueAt: sending.now,
});

/** Nothing is stored that could be charged: the attempt has failed before it began, and says so like any other. */
export const decideNoMethod = (order: Order, at: Date): Decision => {
  const reference = order.charge?.key ?? order.id;
  const attempt: Attempt = { reference, outcome: 'declined', reason: 'no_payment_method', at };
  return declined(order, attempt);
};

export interface ChargeFacts extends CompletionIds {
  readonly reading: ChargeReading;
  /** The order's amount in the provider's units. */
  readonly expected: ProviderAmount;
  /** Wall time. */
  readonly now: Date;
  /** The provider's time. */
  readonly providerNow: Date;
}

/** Order × what the provider says of the charge → what becomes of it. The reading decides, however it came. */
export const decideCharge = (order: Order, facts: ChargeFacts): Decision => {
  const { reading, now } = facts;
  if (reading.orderId !== order.id) return parkOrder(order, now, mismatch('a charge of another order', reading));
  const trigger = TRIGGERS[reading.money];
  if (trigger === 'paid' && order.payment === null) {
    const wrong = wrongAmount(reading, facts.expected);
    if (wrong !== null) return parkOrder(order, now, wrong);
  }
  const state = transition(order.state, trigger);
  const known: Order = {
    ...order,
    charge: order.charge && { ...order.charge, reference: reading.reference },
    parked: order.parked?.code === 'payments_card.outcome_unknown' ? null : order.parked,
    unknownSince: null,
    tries: 0,
    dueAt: null,
  };
  if (state === 'confirming') return waitForMoney(known, order, now);
  if (state === order.state) return decision(known);
  if (state === 'failed') return declined(known, reading.decline ?? untold(reading, facts.providerNow));
  return reading.payment === null ? decision(known) : completeOrder({ ...known, state }, reading.payment, facts);
};

const TRIGGERS = {
  paid: 'paid',
  on_its_way: 'money_on_its_way',
  never_came: 'declined',
} as const satisfies Record<ChargeReading['money'], Trigger>;

/** It ends the order: another attempt is another order, which somebody has to decide on. */
const declined = (order: Order, attempt: Attempt): Decision => {
  const next: Order = {
    ...order,
    state: transition(order.state, 'declined'),
    dueAt: null,
    attempts: [...order.attempts, attempt],
  };
  const record = recordOf('payment.declined', next, {
    result: 'failed',
    ...(attempt.reason === null ? {} : { reason: attempt.reason }),
    after: { attempt: attempt.reference },
  });
  return {
    ...decision(next, [{ type: 'payment.failed', order: next, attempt }], [record]),
    attempts: [attempt],
  };
};

const untold = ({ reference }: ChargeReading, at: Date): Attempt => ({
  reference,
  outcome: 'declined',
  reason: 'other',
  at,
});

/** Money that is on its way is asked for again, ever more rarely. */
const waitForMoney = (known: Order, before: Order, now: Date): Decision => {
  const waited = before.state === 'confirming';
  const tries = waited ? before.tries + 1 : 1;
  const next: Order = { ...known, state: 'confirming', tries, dueAt: new Date(now.getTime() + retryDelayMs(tries)) };
  return decision(next, [], waited ? [] : [recordOf('payment.confirming', next)]);
};
