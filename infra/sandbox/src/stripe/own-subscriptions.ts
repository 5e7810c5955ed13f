import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { addCustomer } from './customers.ts';
import { emitEvent } from './emit-event.ts';
import { EMPTY_SESSION } from './empty-session.ts';
import { newStripeId } from './ids.ts';
import { insertObject, lockObject, readObject, updateObject } from './objects.ts';
import { type OwnInvoice, type OwnSubscription, type OwnSubscriptionItem } from './own-subscription.ts';
import { missingObject } from './stripe-error.ts';

export interface NewOwnSubscription {
  /** What the earlier platform wrote on it: whose it is and what it is for. */
  readonly metadata: Record<string, string>;
  readonly amount: number;
  readonly currency: string;
  readonly interval: 'month' | 'year';
  readonly quantity: number;
  /** Unix seconds. Default: now. */
  readonly periodStart: number | null;
}

/** Sold through a Checkout Session in the mode we no longer use; tells of it as Stripe does. */
export const addOwnSubscription = async (call: StripeCall, given: NewOwnSubscription): Promise<OwnSubscription> => {
  const customer = await addCustomer(call, { ...NOBODY, metadata: given.metadata });
  const id = newStripeId('sub', 24);
  const start = given.periodStart ?? call.nowS;
  const subscription: OwnSubscription = {
    id,
    object: 'subscription',
    billing_cycle_anchor: start,
    cancel_at_period_end: false,
    canceled_at: null,
    created: start,
    currency: given.currency,
    customer: customer.id,
    ended_at: null,
    latest_invoice: null,
    livemode: false,
    metadata: given.metadata,
    start_date: start,
    status: 'active',
    items: { object: 'list', data: [itemOf(id, start, given)], has_more: false, url: '/v1/subscription_items' },
  };
  await insertObject(call.tx, subscription, null);
  const session: Stripe.Checkout.Session = {
    ...EMPTY_SESSION,
    id: newStripeId('cs_test', 58),
    amount_subtotal: given.amount * given.quantity,
    amount_total: given.amount * given.quantity,
    cancel_url: null,
    client_reference_id: null,
    created: call.nowS,
    currency: given.currency,
    customer: customer.id,
    customer_creation: 'always',
    customer_email: null,
    expires_at: call.nowS,
    locale: null,
    metadata: given.metadata,
    mode: 'subscription',
    payment_status: 'paid',
    status: 'complete',
    subscription: id,
    success_url: null,
    url: null,
  };
  await emitEvent(call, 'checkout.session.completed', session);
  return subscription;
};

export const OWN_SUBSCRIPTION_EVENTS = ['renew', 'fail', 'cancel', 'cancel_at_period_end'] as const;
export type OwnSubscriptionEvent = (typeof OWN_SUBSCRIPTION_EVENTS)[number];

/** Another plan was chosen there: another price from now on, with whatever is written on that. What was written stays. */
export const repriceOwnSubscription = async (
  call: StripeCall,
  id: string,
  price: { readonly amount: number; readonly metadata: Record<string, string> },
): Promise<OwnSubscription> => {
  const before = await lockObject(call.tx, 'subscription', id);
  if (before === null) throw missingObject('subscription', id);
  const data = before.items.data.map((item) => ({
    ...item,
    price: { ...item.price, id: newStripeId('price', 24), unit_amount: price.amount, metadata: price.metadata },
  }));
  const after = { ...before, items: { ...before.items, data } };
  await updateObject(call.tx, after);
  await emitEvent(call, 'customer.subscription.updated', after);
  return after;
};

/** Something happens to it at Stripe, without us. */
export const moveOwnSubscription = async (
  call: StripeCall,
  id: string,
  what: OwnSubscriptionEvent,
): Promise<OwnSubscription> => {
  const before = await lockObject(call.tx, 'subscription', id);
  if (before === null) throw missingObject('subscription', id);
  const after = MOVES[what](before, call.nowS);
  await updateObject(call.tx, after);
  if (what === 'renew' || what === 'fail') {
    const invoice = invoiceOf(after, { paid: what === 'renew', nowS: call.nowS });
    await insertObject(call.tx, invoice, null);
    await emitEvent(call, what === 'renew' ? 'invoice.payment_succeeded' : 'invoice.payment_failed', invoice);
  }
  await emitEvent(call, what === 'cancel' ? 'customer.subscription.deleted' : 'customer.subscription.updated', after);
  return after;
};

export const retrieveOwnSubscription = async (call: StripeCall): Promise<OwnSubscription> => {
  const id = call.path['id'] ?? '';
  const subscription = await readObject(call.tx, 'subscription', id);
  if (subscription === null) throw missingObject('subscription', id);
  return subscription;
};

const MOVES: Record<OwnSubscriptionEvent, (before: OwnSubscription, nowS: number) => OwnSubscription> = {
  renew: (before) => ({ ...inNextPeriod(before), status: 'active' }),
  // A period begins whether or not its invoice was paid.
  fail: (before) => ({ ...inNextPeriod(before), status: 'past_due' }),
  cancel: (before, nowS) => ({ ...before, status: 'canceled', canceled_at: nowS, ended_at: nowS }),
  cancel_at_period_end: (before, nowS) => ({ ...before, cancel_at_period_end: true, canceled_at: nowS }),
};

const inNextPeriod = (before: OwnSubscription): OwnSubscription => ({
  ...before,
  items: {
    ...before.items,
    data: before.items.data.map((item) => ({
      ...item,
      current_period_start: item.current_period_end,
      current_period_end: endOf(item.current_period_end, before.billing_cycle_anchor, item.price.recurring.interval),
    })),
  },
});

const itemOf = (subscription: string, start: number, given: NewOwnSubscription): OwnSubscriptionItem => ({
  id: newStripeId('si', 14),
  object: 'subscription_item',
  created: start,
  current_period_start: start,
  current_period_end: endOf(start, start, given.interval),
  metadata: {},
  quantity: given.quantity,
  subscription,
  price: {
    id: newStripeId('price', 24),
    object: 'price',
    currency: given.currency,
    metadata: {},
    unit_amount: given.amount,
    type: 'recurring',
    recurring: { interval: given.interval, interval_count: 1 },
  },
});

/** The anchor's day, or the month's last where it has none such. */
const endOf = (startS: number, anchorS: number, interval: Stripe.Price.Recurring.Interval): number => {
  const [start, anchor] = [new Date(startS * 1000), new Date(anchorS * 1000)];
  const first = new Date(start);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + (interval === 'year' ? 12 : 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(anchor.getUTCDate(), days));
  return Math.floor(first.getTime() / 1000);
};

const invoiceOf = (
  subscription: OwnSubscription,
  { paid, nowS }: { readonly paid: boolean; readonly nowS: number },
): OwnInvoice => {
  const amount = subscription.items.data.reduce(
    (sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1),
    0,
  );
  const item = subscription.items.data[0];
  return {
    id: newStripeId('in', 24),
    object: 'invoice',
    amount_due: amount,
    amount_paid: paid ? amount : 0,
    billing_reason: 'subscription_cycle',
    created: nowS,
    currency: subscription.currency,
    customer: subscription.customer,
    livemode: false,
    metadata: {},
    parent: {
      type: 'subscription_details',
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
    },
    period_start: item?.current_period_start ?? nowS,
    period_end: item?.current_period_end ?? nowS,
    status: paid ? 'paid' : 'open',
  };
};

const NOBODY = { email: null, name: null, phone: null, description: null, address: null };
