import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { newStripeId } from './ids.ts';
import { insertObject } from './objects.ts';
import { type OwnInvoice, type OwnSubscription } from './own-subscription.ts';

/** The API version of the SDK whose types these objects follow. */
export const STRIPE_API_VERSION = '2026-10-28.endive';

/** Which object each event carries. */
interface Subjects {
  'checkout.session.completed': Stripe.Checkout.Session;
  'checkout.session.expired': Stripe.Checkout.Session;
  'checkout.session.async_payment_succeeded': Stripe.Checkout.Session;
  'checkout.session.async_payment_failed': Stripe.Checkout.Session;
  'payment_intent.created': Stripe.PaymentIntent;
  'payment_intent.requires_action': Stripe.PaymentIntent;
  'payment_intent.processing': Stripe.PaymentIntent;
  'payment_intent.succeeded': Stripe.PaymentIntent;
  'payment_intent.payment_failed': Stripe.PaymentIntent;
  'payment_intent.canceled': Stripe.PaymentIntent;
  'charge.succeeded': Stripe.Charge;
  'charge.failed': Stripe.Charge;
  'charge.refunded': Stripe.Charge;
  'refund.created': Stripe.Refund;
  'refund.updated': Stripe.Refund;
  'customer.created': Stripe.Customer;
  'payment_method.attached': Stripe.PaymentMethod;
  'payment_method.detached': Stripe.PaymentMethod;
  'setup_intent.succeeded': Stripe.SetupIntent;
  'customer.subscription.updated': OwnSubscription;
  'customer.subscription.deleted': OwnSubscription;
  'invoice.payment_succeeded': OwnInvoice;
  'invoice.payment_failed': OwnInvoice;
}
export type EventType = keyof Subjects;

/** Records the event and, when its type is enabled, queues its delivery; both with the change that caused it. */
export const emitEvent = async <T extends EventType>(
  call: StripeCall,
  type: T,
  subject: Subjects[T],
): Promise<string> => {
  const enabled = call.enabledEvents.some((pattern) => eventMatches(pattern, type));
  const event: Stripe.EventBase & { object: 'event' } = {
    id: newStripeId('evt'),
    object: 'event',
    api_version: STRIPE_API_VERSION,
    created: call.nowS,
    data: { object: subject },
    livemode: false,
    pending_webhooks: enabled ? 1 : 0,
    request: { id: call.requestId, idempotency_key: call.idempotencyKey },
    type,
  };
  await insertObject(call.tx, event, null);
  if (enabled) {
    await call.tx.query('INSERT INTO stripe_deliveries (event_id, queued_at, due_at) VALUES ($1, $2, $2)', [
      event.id,
      new Date(call.wallMs),
    ]);
  }
  return event.id;
};

const eventMatches = (pattern: string, type: string): boolean =>
  pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));
