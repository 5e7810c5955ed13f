import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { EMPTY_SESSION } from './empty-session.ts';
import { newStripeId } from './ids.ts';
import { readLineItems } from './line-items.ts';
import { insertObject, listObjects, lockObject, readHidden, readObject } from './objects.ts';
import { type Params } from './params.ts';
import { refuseTooSmall } from './refuse-too-small.ts';
import { expireDueSessions, expireSession } from './session-expiry.ts';
import { invalidParam, missingObject, StripeFailure } from './stripe-error.ts';

const LIFE_MIN_S = 30 * 60;
const LIFE_MAX_S = 24 * 60 * 60;
/** Accepted, and without effect on the page or the books. */
const NO_EFFECT = [
  'payment_method_types',
  'payment_method_options',
  'billing_address_collection',
  'submit_type',
  'allow_promotion_codes',
  'automatic_tax',
  'custom_text',
  'customer_update',
  'invoice_creation',
  'saved_payment_method_options',
  'adaptive_pricing',
  'ui_mode',
  'consent_collection',
  'phone_number_collection',
  'tax_id_collection',
] as const;

export const createSession = async (call: StripeCall): Promise<Stripe.Checkout.Session> => {
  const { params } = call;
  params.ignore(...NO_EFFECT);
  const mode = params.needText('mode');
  if (mode !== 'payment')
    throw invalidParam('mode', `This sandbox plays mode=payment, not ${mode}.`, 'parameter_invalid_value');
  const lineItems = readLineItems(call);
  const total = lineItems.reduce((sum, item) => sum + item.amount_total, 0);
  const currency = lineItems[0]?.currency ?? 'usd';
  refuseTooSmall('The Checkout Session’s total amount', total, currency);
  const customer = params.text('customer');
  const known = customer === null ? null : await readObject(call.tx, 'customer', customer);
  if (customer !== null && known === null) throw missingObject('customer', customer, 'customer');
  const data = params.child('payment_intent_data');
  data?.ignore('statement_descriptor', 'statement_descriptor_suffix', 'capture_method');
  const usage = data?.text('setup_future_usage') ?? null;
  const email = params.text('customer_email');
  if (customer !== null && email !== null) {
    throw invalidParam(
      'customer_email',
      'You may only specify one of these parameters: customer, customer_email.',
      'parameters_exclusive',
    );
  }
  const session = buildSession(call, { total, currency, customer, email, lineItemCount: lineItems.length });
  await insertObject(call.tx, session, {
    lineItems,
    intent: {
      metadata: data?.map('metadata') ?? {},
      description: data?.text('description') ?? null,
      setupFutureUsage: usage === 'off_session' || usage === 'on_session' ? usage : null,
      receiptEmail: data?.text('receipt_email') ?? null,
    },
  });
  return session;
};

interface SessionFacts {
  readonly total: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly email: string | null;
  readonly lineItemCount: number;
}

const buildSession = (
  call: StripeCall,
  facts: SessionFacts,
): Stripe.Checkout.Session & { object: 'checkout.session' } => {
  const { params } = call;
  const id = newStripeId('cs_test', 58);
  return {
    ...EMPTY_SESSION,
    id,
    amount_subtotal: facts.total,
    amount_total: facts.total,
    cancel_url: params.text('cancel_url'),
    client_reference_id: params.text('client_reference_id'),
    created: call.nowS,
    currency: facts.currency,
    customer: facts.customer,
    customer_creation: facts.customer === null ? readCustomerCreation(params) : null,
    customer_email: facts.email,
    expires_at: readExpiry(call),
    locale: params.text('locale'),
    metadata: params.map('metadata') ?? {},
    success_url: params.needText('success_url'),
    url: `${call.publicUrl}/pay/${id}`,
  };
};

const readCustomerCreation = (params: Params): 'always' | 'if_required' =>
  params.text('customer_creation') === 'always' ? 'always' : 'if_required';

const readExpiry = (call: StripeCall): number => {
  const given = call.params.integer('expires_at');
  if (given === null) return call.nowS + LIFE_MAX_S;
  // Stripe measures from the moment of the request; ten seconds forgive the way there.
  if (given < call.nowS + LIFE_MIN_S - 10) {
    throw invalidParam(
      'expires_at',
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      'parameter_invalid_integer',
    );
  }
  if (given > call.nowS + LIFE_MAX_S + 10) {
    throw invalidParam(
      'expires_at',
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      'parameter_invalid_integer',
    );
  }
  return given;
};

export const retrieveSession = async (call: StripeCall): Promise<Stripe.Checkout.Session> => {
  const session = await needSession(call);
  if (session.status !== 'open' || session.expires_at > call.nowS) return session;
  await expireDueSessions(call);
  return needSession(call);
};

export const listSessions = async (call: StripeCall): Promise<Stripe.ApiList<Stripe.Checkout.Session>> => {
  await expireDueSessions(call);
  const fields = ['payment_intent', 'customer', 'status'];
  return listObjects(call.tx, 'checkout.session', { params: call.params, url: '/v1/checkout/sessions', fields });
};

export const expireSessionNow = async (call: StripeCall): Promise<Stripe.Checkout.Session> => {
  const id = call.path['id'] ?? '';
  const session = await lockObject(call.tx, 'checkout.session', id);
  if (session === null) throw missingObject('checkout.session', id);
  if (session.status !== 'open') {
    throw new StripeFailure(400, {
      type: 'invalid_request_error',
      message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    });
  }
  return expireSession(call, session);
};

export const listLineItems = async (call: StripeCall): Promise<Stripe.ApiList<Stripe.LineItem>> => {
  call.params.ignore('limit', 'starting_after', 'ending_before');
  const session = await needSession(call);
  return lineItemsOf(call, session.id);
};

export const lineItemsOf = async (call: StripeCall, sessionId: string): Promise<Stripe.ApiList<Stripe.LineItem>> => ({
  object: 'list',
  data: (await readHidden(call.tx, 'checkout.session', sessionId))?.lineItems ?? [],
  has_more: false,
  url: `/v1/checkout/sessions/${sessionId}/line_items`,
});

const needSession = async (call: StripeCall): Promise<Stripe.Checkout.Session> => {
  const id = call.path['id'] ?? '';
  const session = await readObject(call.tx, 'checkout.session', id);
  if (session === null) throw missingObject('checkout.session', id);
  return session;
};
