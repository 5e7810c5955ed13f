import { type Stripe } from 'stripe';

import { type Attempt, attemptPayment, refuseChallenge } from '../stripe/attempt-payment.ts';
import { type StripeCall } from '../stripe/call.ts';
import { type Decline, findTestCard, type TestCard } from '../stripe/cards.ts';
import { addCustomer } from '../stripe/customers.ts';
import { emitEvent } from '../stripe/emit-event.ts';
import { lockObject, readHidden, readObject, updateObject } from '../stripe/objects.ts';
import { addPaymentIntent } from '../stripe/payment-intents.ts';
import { addPaymentMethod } from '../stripe/payment-methods.ts';
import { expireSession } from '../stripe/session-expiry.ts';
import { type PayProblem } from './texts.ts';

export interface CardForm {
  readonly card: string;
  readonly expiry: string;
  readonly cvc: string;
  readonly name: string;
  readonly email: string;
}

export type PayOutcome =
  | { readonly kind: 'paid'; readonly session: Stripe.Checkout.Session; readonly eventId: string | null }
  | { readonly kind: 'refused'; readonly session: Stripe.Checkout.Session; readonly problem: PayProblem }
  | { readonly kind: 'challenge'; readonly intentId: string }
  | { readonly kind: 'closed' };

/** One submit of the page's form. The session's row lock makes a double submit charge once. */
export const payWithCard = async (call: StripeCall, sessionId: string, form: CardForm): Promise<PayOutcome> => {
  const session = await lockOpenSession(call, sessionId);
  if (session === null) return { kind: 'closed' };
  if (session.status === 'complete') return { kind: 'paid', session, eventId: null };
  const card = findTestCard(form.card);
  const expiry = readExpiry(form.expiry);
  if (card === null) return { kind: 'refused', session, problem: 'invalidNumber' };
  if (expiry === null || expiry.endsBeforeS <= call.nowS) return { kind: 'refused', session, problem: 'invalidExpiry' };
  if (!/^\d{3,4}$/.test(form.cvc)) return { kind: 'refused', session, problem: 'invalidCvc' };
  return payNow(call, session, { card, expiry, form });
};

interface Payment {
  readonly card: TestCard;
  readonly expiry: Expiry;
  readonly form: CardForm;
}

const payNow = async (call: StripeCall, session: Stripe.Checkout.Session, payment: Payment): Promise<PayOutcome> => {
  const { card, expiry, form } = payment;
  const email = form.email || session.customer_email || 'customer@example.test';
  const method = await addPaymentMethod(call, card, {
    expiryMonth: expiry.month,
    expiryYear: expiry.year,
    billing: { address: NO_ADDRESS, email, name: form.name || null, phone: null, tax_id: null },
  });
  const details: Stripe.Checkout.Session.CustomerDetails = { ...NO_DETAILS, email, name: form.name || null };
  const intent = await intentOf(call, session, details);
  const attempting: Stripe.Checkout.Session = { ...session, payment_intent: intent.id, customer_details: details };
  await updateObject(call.tx, attempting);
  return settle(call, attempting, await attemptPayment(call, { intent, method, presence: 'on_session' }));
};

/** What the holder answered on the challenge page of a session's intent. */
export const answerChallenge = async (call: StripeCall, intentId: string, passed: boolean): Promise<PayOutcome> => {
  const hidden = await readHidden(call.tx, 'payment_intent', intentId);
  const session = hidden?.sessionId ? await lockOpenSession(call, hidden.sessionId) : null;
  if (session === null) return { kind: 'closed' };
  if (session.status === 'complete') return { kind: 'paid', session, eventId: null };
  const attempt = await finishChallenge(call, intentId, passed);
  return attempt === null ? { kind: 'refused', session, problem: 'notAuthenticated' } : settle(call, session, attempt);
};

/** Null when the intent is not waiting for a challenge (any more). */
export const finishChallenge = async (call: StripeCall, intentId: string, passed: boolean): Promise<Attempt | null> => {
  const intent = await lockObject(call.tx, 'payment_intent', intentId);
  if (intent?.status !== 'requires_action' || typeof intent.payment_method !== 'string') return null;
  const method = await readObject(call.tx, 'payment_method', intent.payment_method);
  if (method === null) return null;
  return passed
    ? attemptPayment(call, { intent, method, presence: 'authenticated' })
    : refuseChallenge(call, intent, method);
};

const settle = async (call: StripeCall, session: Stripe.Checkout.Session, attempt: Attempt): Promise<PayOutcome> => {
  if (attempt.decline !== null) return { kind: 'refused', session, problem: problemOf(attempt.decline) };
  if (attempt.intent.status === 'requires_action') return { kind: 'challenge', intentId: attempt.intent.id };
  const complete: Stripe.Checkout.Session = {
    ...session,
    customer: attempt.intent.customer,
    payment_intent: attempt.intent.id,
    payment_status: 'paid',
    status: 'complete',
    url: null,
  };
  await updateObject(call.tx, complete);
  return { kind: 'paid', session: complete, eventId: await emitEvent(call, 'checkout.session.completed', complete) };
};

/** One intent per session: a second card is a second attempt at the same intent. */
const intentOf = async (
  call: StripeCall,
  session: Stripe.Checkout.Session,
  details: Stripe.Checkout.Session.CustomerDetails,
): Promise<Stripe.PaymentIntent> => {
  if (typeof session.payment_intent === 'string') {
    const existing = await lockObject(call.tx, 'payment_intent', session.payment_intent);
    if (existing !== null) return existing;
  }
  const asked = (await readHidden(call.tx, 'checkout.session', session.id))?.intent;
  const usage = asked?.setupFutureUsage ?? null;
  const given = typeof session.customer === 'string' ? session.customer : null;
  const needsCustomer = given === null && (usage !== null || session.customer_creation === 'always');
  const customer = needsCustomer ? await customerFor(call, details) : given;
  return addPaymentIntent(call, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer,
    description: asked?.description ?? null,
    metadata: asked?.metadata ?? {},
    receiptEmail: asked?.receiptEmail ?? null,
    setupFutureUsage: usage,
    sessionId: session.id,
    returnUrl: null,
  });
};

const customerFor = async (call: StripeCall, details: Stripe.Checkout.Session.CustomerDetails): Promise<string> => {
  const { email, name } = details;
  return (await addCustomer(call, { email, name, phone: null, description: null, metadata: {}, address: null })).id;
};

/** Locked and still payable, or complete; null when it is gone, expired, or expires at this very moment. */
const lockOpenSession = async (call: StripeCall, id: string): Promise<Stripe.Checkout.Session | null> => {
  const session = await lockObject(call.tx, 'checkout.session', id);
  if (session === null || session.status === 'expired') return null;
  if (session.status === 'open' && session.expires_at <= call.nowS) {
    await expireSession(call, session);
    return null;
  }
  return session;
};

const problemOf = (decline: Decline): PayProblem => {
  if (decline.code === 'payment_intent_authentication_failure') return 'notAuthenticated';
  if (decline.code === 'expired_card') return 'expiredCard';
  return decline.declineCode === 'insufficient_funds' ? 'insufficientFunds' : 'declined';
};

interface Expiry {
  readonly month: number;
  readonly year: number;
  readonly endsBeforeS: number;
}

/** `12/34`, `12 / 2034`, `1234`: a card is good until the end of its month. */
const readExpiry = (text: string): Expiry | null => {
  const match = /^(\d{1,2})\s*\/?\s*(?:20)?(\d{2})$/.exec(text.trim());
  const month = Number(match?.[1]);
  const year = 2000 + Number(match?.[2]);
  if (match === null || month < 1 || month > 12) return null;
  return { month, year, endsBeforeS: Date.UTC(year, month, 1) / 1000 };
};

const NO_ADDRESS: Stripe.Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

const NO_DETAILS: Stripe.Checkout.Session.CustomerDetails = {
  address: NO_ADDRESS,
  business_name: null,
  email: null,
  individual_name: null,
  name: null,
  phone: null,
  tax_exempt: 'none',
  tax_ids: [],
};
