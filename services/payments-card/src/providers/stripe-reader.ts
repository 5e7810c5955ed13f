import { type Stripe } from 'stripe';

import { type Attempt, type DeclineReason, type MethodSummary, type Session } from '../domain/order.ts';
import { type CapturedPayment, type ChargeReading, type Reading } from '../domain/reading.ts';
import { fromStripeAmount } from './stripe-amounts.ts';

/** What must be expanded for a session to be read whole. */
export const SESSION_EXPANSION = ['payment_intent.latest_charge', 'payment_intent.payment_method'];

/** A Checkout Session, in our words. */
export const fromStripeSession = (session: Stripe.Checkout.Session): Reading => {
  const intent = objectOf(session.payment_intent);
  const { amount_total: total, currency } = session;
  return {
    orderId: session.client_reference_id,
    session: fromStripeSessionPlace(session),
    status: statusOf(session),
    money: moneyOf(session, intent),
    amount: total === null || currency === null ? null : fromStripeAmount(total, currency),
    payment: intent === null || session.payment_status !== 'paid' ? null : capturedOf(intent),
    decline: intent === null ? null : declineOf(intent, chargeOf(intent)?.created ?? session.created),
  };
};

/** A PaymentIntent of our own making, whole or as a decline carries it. */
export const fromStripeIntent = (intent: Stripe.PaymentIntent): ChargeReading => ({
  orderId: intent.metadata['order'] ?? null,
  reference: intent.id,
  money: INTENT_MONEY[intent.status] ?? 'never_came',
  amount: fromStripeAmount(intent.amount, intent.currency),
  payment: intent.status === 'succeeded' ? capturedOf(intent) : null,
  decline: declineOf(intent, chargeOf(intent)?.created ?? intent.created),
});

/** What is not here waits for a customer who is not there: nothing more comes of it by itself. */
const INTENT_MONEY: Readonly<Record<string, ChargeReading['money']>> = {
  succeeded: 'paid',
  processing: 'on_its_way',
  requires_capture: 'on_its_way',
};

/** Where it is and where the customer pays. */
export const fromStripeSessionPlace = (session: Stripe.Checkout.Session): Session => ({
  reference: session.id,
  payUrl: session.url,
  payUntil: fromUnixSeconds(session.expires_at),
});

/** The attempt a PaymentIntent failed with, or null. `atSeconds` is when Stripe told of it. */
export const declineOf = (intent: FailedIntent, atSeconds: number): Attempt | null => {
  const error = intent.last_payment_error;
  if (error === null || error === undefined) return null;
  // Not every failure makes a charge (3-D Secure), but every try on the hosted page makes a payment method.
  const reference = error.charge ?? error.payment_method?.id ?? intent.id;
  return { reference, outcome: 'declined', reason: reasonOf(error), at: fromUnixSeconds(atSeconds) };
};

/** The parts of a failed PaymentIntent that tell which attempt it was; events and readings both have them. */
export interface FailedIntent {
  readonly id: string;
  readonly last_payment_error?: FailedAttempt | null | undefined;
}

interface FailedAttempt {
  readonly code?: string | undefined;
  readonly decline_code?: string | undefined;
  readonly charge?: string | undefined;
  readonly payment_method?: { readonly id: string } | undefined;
}

export const fromUnixSeconds = (seconds: number): Date => new Date(seconds * 1000);

const statusOf = ({ status }: Stripe.Checkout.Session): Reading['status'] => {
  if (status === 'complete') return 'complete';
  return status === 'expired' ? 'expired' : 'open';
};

const moneyOf = (session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | null): Reading['money'] => {
  // `payment_status` says paid; that a session is complete does not. "Nothing to pay" is never what we asked for.
  if (session.payment_status !== 'unpaid') return 'paid';
  if (session.status !== 'complete') return 'unpaid';
  return intent?.status === 'requires_payment_method' || intent?.status === 'canceled' ? 'never_came' : 'on_its_way';
};

const capturedOf = (intent: Stripe.PaymentIntent): CapturedPayment => {
  const charge = chargeOf(intent);
  return {
    reference: intent.id,
    attemptReference: charge?.id ?? intent.id,
    amount: fromStripeAmount(intent.amount_received, intent.currency),
    capturedAt: fromUnixSeconds(charge?.created ?? intent.created),
    method: methodOf(objectOf(intent.payment_method), charge),
    reusable: reusableOf(intent),
  };
};

const reusableOf = (intent: Stripe.PaymentIntent): CapturedPayment['reusable'] => {
  const customerReference = idOf(intent.customer);
  const methodReference = idOf(intent.payment_method);
  if (intent.setup_future_usage !== 'off_session' || customerReference === null || methodReference === null)
    return null;
  return { customerReference, methodReference };
};

const methodOf = (method: Stripe.PaymentMethod | null, charge: Stripe.Charge | null): MethodSummary | null => {
  const details = charge?.payment_method_details ?? null;
  const card = method?.card ?? details?.card ?? null;
  const kind = method?.type ?? details?.type ?? null;
  return kind === null ? null : { kind, brand: card?.brand ?? null, last4: card?.last4 ?? null };
};

const reasonOf = ({ code, decline_code: declineCode }: FailedAttempt): DeclineReason =>
  REASONS[declineCode ?? ''] ?? REASONS[code ?? ''] ?? 'other';

/** Stripe's decline codes in the words of our closed list; every other decline of a card is just that. */
const REASONS: Readonly<Record<string, DeclineReason>> = {
  insufficient_funds: 'insufficient_funds',
  authentication_required: 'authentication_failed',
  payment_intent_authentication_failure: 'authentication_failed',
  expired_card: 'expired_card',
  card_declined: 'card_declined',
};

const chargeOf = (intent: Stripe.PaymentIntent): Stripe.Charge | null => objectOf(intent.latest_charge);

/** An expanded field, or null where there is only an id. */
const objectOf = <T extends object>(field: string | T | null | undefined): T | null =>
  typeof field === 'object' ? field : null;

const idOf = (field: string | { readonly id: string } | null): string | null =>
  typeof field === 'string' ? field : (field?.id ?? null);
