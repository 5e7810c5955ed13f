import { type Decision, decision, recordOf } from './decision.ts';
import { type PaymentsCardCode } from './errors.ts';
import { type OpenRequest, type Order, type Session } from './order.ts';
import { nextReadAt, unansweredDelayMs, type When } from './schedule.ts';
import { transition } from './transitions.ts';

export type NewOrder = Pick<
  Order,
  'id' | 'accountId' | 'invoiceId' | 'checkoutId' | 'correlationId' | 'provider' | 'amount' | 'createdAt'
>;

/** An order nobody outside has heard of yet. */
export const newOrder = (facts: NewOrder, openRequest: OpenRequest, now: Date): Order => ({
  ...facts,
  state: 'opening',
  version: 0,
  openRequest,
  session: null,
  charge: null,
  payment: null,
  attempts: [],
  parked: null,
  firstSentAt: null,
  unknownSince: null,
  tries: 0,
  dueAt: now,
});

/**
 * The provider has opened it. Nobody is sent to a page that cannot be paid on: that of an order given up meanwhile,
 * which is closed next, or one whose answer came so late that it has expired, which is read next.
 */
export const decideOpened = (order: Order, session: Session, when: When): Decision => {
  const opened: Order = {
    ...order,
    state: transition(order.state, 'opened'),
    session,
    unknownSince: null,
    tries: 0,
    parked: null,
  };
  const payable = opened.state === 'open' && session.payUrl !== null && session.payUntil > when.providerNow;
  const next = { ...opened, dueAt: payable || opened.state === 'closing' ? nextReadAt(opened, when) : when.now };
  const audit = [recordOf('order.opened', next, { after: { reference: session.reference } })];
  return decision(next, payable ? [{ type: 'order.opened', order: next }] : [], audit);
};

export interface Refusal {
  readonly code: PaymentsCardCode;
  /** For people; carries nothing of the provider's own text but its codes. */
  readonly message: string;
}

/** The provider will not open it, for good. For an order given up meanwhile that is as good as closed. */
export const decideRefused = (order: Order, refusal: Refusal): Decision => {
  const state = transition(order.state, 'refused');
  const next: Order = { ...order, state, unknownSince: null, tries: 0, dueAt: null, parked: null };
  if (state === 'expired') {
    return decision(
      next,
      [{ type: 'order.expired', order: next }],
      [recordOf('order.expired', next, { reason: refusal.code })],
    );
  }
  const failed = decision(
    next,
    [{ type: 'order.failed', order: next, code: refusal.code, message: refusal.message }],
    [recordOf('order.failed', next, { result: 'failed', reason: refusal.code })],
  );
  return { ...failed, customerGone: refusal.code === 'payments_card.customer_unknown' };
};

/** No answer: nothing is assumed, and the same question is asked again later. */
export const decideUnanswered = (order: Order, now: Date): Decision => {
  const asked: Order = { ...order, tries: order.tries + 1, unknownSince: order.unknownSince ?? now };
  return decision({ ...asked, dueAt: new Date(now.getTime() + unansweredDelayMs(asked, now)) });
};

/**
 * The provider was asked for longer than its memory of our key lasts: a person has to look. While the provider cannot
 * even be searched, it goes on being asked.
 */
export const decideLost = (order: Order, now: Date, searched: boolean): Decision => {
  const { dueAt, tries, unknownSince } = decideUnanswered(order, now).order;
  const waiting: Order = { ...order, tries, unknownSince, dueAt: searched ? null : dueAt };
  if (order.parked !== null) return decision(waiting);
  const message = `Order ${order.id} was sent to ${order.provider} and no answer was ever read.`;
  const next: Order = { ...waiting, parked: { code: 'payments_card.outcome_unknown', message, since: now } };
  return decision(next, [], [recordOf('order.parked', next, { reason: 'payments_card.outcome_unknown' })]);
};
