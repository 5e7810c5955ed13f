import { type Stripe } from 'stripe';

import { attemptPayment } from './attempt-payment.ts';
import { type StripeCall } from './call.ts';
import { mergeMetadata } from './customers.ts';
import { emitEvent } from './emit-event.ts';
import { newStripeId } from './ids.ts';
import { insertObject, listObjects, lockObject, readHidden, readObject, updateObject } from './objects.ts';
import { needPaymentMethod } from './payment-methods.ts';
import { refuseTooSmall } from './refuse-too-small.ts';
import { invalidParam, missingObject, StripeFailure, unexpectedState } from './stripe-error.ts';

export interface NewIntent {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | null;
  readonly description: string | null;
  readonly metadata: Record<string, string>;
  readonly receiptEmail: string | null;
  readonly setupFutureUsage: 'off_session' | 'on_session' | null;
  /** The Checkout Session it belongs to: such an intent is closed through its session. */
  readonly sessionId: string | null;
  readonly returnUrl: string | null;
}

export const addPaymentIntent = async (call: StripeCall, given: NewIntent): Promise<Stripe.PaymentIntent> => {
  const id = newStripeId('pi');
  const intent: Stripe.PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: given.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: newStripeId(`${id}_secret`),
    confirmation_method: 'automatic',
    created: call.nowS,
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    description: given.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: given.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: given.receiptEmail,
    review: null,
    setup_future_usage: given.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
  await insertObject(call.tx, intent, { sessionId: given.sessionId, returnUrl: given.returnUrl });
  await emitEvent(call, 'payment_intent.created', intent);
  return intent;
};

export const createPaymentIntent = async (call: StripeCall): Promise<Stripe.PaymentIntent> => {
  const { params } = call;
  params.ignore(
    'payment_method_types',
    'automatic_payment_methods',
    'capture_method',
    'statement_descriptor',
    'statement_descriptor_suffix',
  );
  const amount = params.needInteger('amount');
  if (amount < 1) throw invalidParam('amount', 'Invalid positive integer', 'parameter_invalid_integer');
  const currency = params.needText('currency').toLowerCase();
  refuseTooSmall('The amount', amount, currency);
  const customer = params.text('customer');
  if (customer !== null && (await readObject(call.tx, 'customer', customer)) === null)
    throw missingObject('customer', customer, 'customer');
  const usage = params.text('setup_future_usage');
  const intent = await addPaymentIntent(call, {
    amount,
    currency,
    customer,
    description: params.text('description'),
    metadata: params.map('metadata') ?? {},
    receiptEmail: params.text('receipt_email'),
    setupFutureUsage: usage === 'off_session' || usage === 'on_session' ? usage : null,
    sessionId: null,
    returnUrl: params.text('return_url'),
  });
  return (params.flag('confirm') ?? false) ? confirmIntent(call, intent) : prepareIntent(call, intent);
};

export const confirmPaymentIntent = async (call: StripeCall): Promise<Stripe.PaymentIntent> => {
  call.params.ignore('return_url');
  return confirmIntent(call, await lockIntent(call));
};

const prepareIntent = async (call: StripeCall, intent: Stripe.PaymentIntent): Promise<Stripe.PaymentIntent> => {
  call.params.ignore('off_session');
  const id = call.params.text('payment_method');
  if (id === null) return intent;
  const method = await needPaymentMethod(call, id, 'payment_method');
  const prepared: Stripe.PaymentIntent = { ...intent, payment_method: method.id, status: 'requires_confirmation' };
  await updateObject(call.tx, prepared);
  return prepared;
};

const confirmIntent = async (call: StripeCall, intent: Stripe.PaymentIntent): Promise<Stripe.PaymentIntent> => {
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`,
    );
  }
  const id =
    call.params.text('payment_method') ?? (typeof intent.payment_method === 'string' ? intent.payment_method : null);
  if (id === null)
    throw invalidParam(
      'payment_method',
      'You cannot confirm this PaymentIntent because it is missing a payment method.',
      'payment_intent_unexpected_state',
    );
  const method = await needPaymentMethod(call, id, 'payment_method');
  if (method.customer !== null && method.customer !== intent.customer) {
    throw invalidParam(
      'payment_method',
      'The payment method belongs to another customer than the PaymentIntent.',
      'payment_method_unexpected_state',
    );
  }
  const offSession = call.params.flag('off_session') ?? false;
  const attempt = await attemptPayment(call, { intent, method, presence: offSession ? 'off_session' : 'on_session' });
  if (attempt.decline === null) return attempt.intent;
  throw new StripeFailure(
    402,
    {
      type: 'card_error',
      code: attempt.decline.code,
      message: attempt.decline.message,
      ...(attempt.decline.declineCode === null ? {} : { decline_code: attempt.decline.declineCode }),
      ...(typeof attempt.intent.latest_charge === 'string' ? { charge: attempt.intent.latest_charge } : {}),
      payment_intent: attempt.intent,
      payment_method: method,
    },
    true,
  );
};

export const retrievePaymentIntent = async (call: StripeCall): Promise<Stripe.PaymentIntent> => {
  call.params.ignore('client_secret');
  const id = call.path['id'] ?? '';
  const intent = await readObject(call.tx, 'payment_intent', id);
  if (intent === null) throw missingObject('payment_intent', id);
  return intent;
};

export const updatePaymentIntent = async (call: StripeCall): Promise<Stripe.PaymentIntent> => {
  const intent = await lockIntent(call);
  const updated: Stripe.PaymentIntent = {
    ...intent,
    description: call.params.text('description') ?? intent.description,
    metadata: mergeMetadata(intent.metadata, call.params.map('metadata')),
  };
  await updateObject(call.tx, updated);
  return updated;
};

export const listPaymentIntents = (call: StripeCall): Promise<Stripe.ApiList<Stripe.PaymentIntent>> =>
  listObjects(call.tx, 'payment_intent', { params: call.params, url: '/v1/payment_intents', fields: ['customer'] });

const CANCELLABLE: readonly string[] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
];

export const cancelPaymentIntent = async (call: StripeCall): Promise<Stripe.PaymentIntent> => {
  const intent = await lockIntent(call);
  const reason = call.params.text('cancellation_reason');
  if (!CANCELLABLE.includes(intent.status)) {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
    );
  }
  const hidden = await readHidden(call.tx, 'payment_intent', intent.id);
  if (hidden?.sessionId) {
    throw unexpectedState(
      'payment_intent_unexpected_state',
      'This PaymentIntent belongs to a Checkout Session: expire the session instead.',
    );
  }
  return cancelIntent(call, intent, reason);
};

export const cancelIntent = async (
  call: StripeCall,
  intent: Stripe.PaymentIntent,
  reason: string | null,
): Promise<Stripe.PaymentIntent> => {
  const cancelled: Stripe.PaymentIntent = {
    ...intent,
    status: 'canceled',
    canceled_at: call.nowS,
    cancellation_reason: reason,
    next_action: null,
  };
  await updateObject(call.tx, cancelled);
  await emitEvent(call, 'payment_intent.canceled', cancelled);
  return cancelled;
};

const lockIntent = async (call: StripeCall): Promise<Stripe.PaymentIntent> => {
  const id = call.path['id'] ?? '';
  const intent = await lockObject(call.tx, 'payment_intent', id);
  if (intent === null) throw missingObject('payment_intent', id);
  return intent;
};
