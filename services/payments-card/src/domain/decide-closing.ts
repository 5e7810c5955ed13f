import { type Decision, decision, recordOf } from './decision.ts';
import { type Order } from './order.ts';
import { transition } from './transitions.ts';

/** Somebody gave the order up. Only the provider can say that it cannot be paid any more, so it is asked next. */
export const decideCloseAsked = (order: Order, reason: string, now: Date): Decision => {
  const state = transition(order.state, 'close_asked');
  if (state === order.state) return decision(order);
  const next: Order = { ...order, state, tries: 0, dueAt: now };
  return decision(next, [], [recordOf('order.close_requested', next, { reason, before: { state: order.state } })]);
};

/** Given up before it was ever sent: there is nothing to close outside. */
export const decideNeverSent = (order: Order): Decision => {
  const next: Order = { ...order, state: transition(order.state, 'expired'), dueAt: null, unknownSince: null };
  return decision(next, [{ type: 'order.expired', order: next }], [recordOf('order.expired', next)]);
};

/** A person or a page wants to know now. A finished order has no news. */
export const decideRecheck = (order: Order, now: Date): Decision | null =>
  order.state === 'completed' || order.state === 'failed' ? null : decision({ ...order, dueAt: now, tries: 0 });
