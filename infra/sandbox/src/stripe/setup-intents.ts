import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { emitEvent } from './emit-event.ts';
import { newStripeId } from './ids.ts';
import { insertObject, readObject } from './objects.ts';
import { attachTo, needPaymentMethod } from './payment-methods.ts';
import { missingObject } from './stripe-error.ts';

/** Saves a payment method without a charge: with `confirm=true` and a method it succeeds at once. */
export const createSetupIntent = async (call: StripeCall): Promise<Stripe.SetupIntent> => {
  const { params } = call;
  params.ignore('payment_method_types', 'automatic_payment_methods', 'return_url');
  const customer = params.text('customer');
  if (customer !== null && (await readObject(call.tx, 'customer', customer)) === null)
    throw missingObject('customer', customer, 'customer');
  const methodId = params.text('payment_method');
  const method = methodId === null ? null : await needPaymentMethod(call, methodId, 'payment_method');
  const confirmed = (params.flag('confirm') ?? false) && method !== null;
  if (confirmed && customer !== null) await attachTo(call, method, customer);
  const id = newStripeId('seti');
  const intent: Stripe.SetupIntent = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: newStripeId(`${id}_secret`),
    created: call.nowS,
    customer,
    customer_account: null,
    description: params.text('description'),
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: params.map('metadata') ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: method?.id ?? null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: confirmed ? 'succeeded' : method === null ? 'requires_payment_method' : 'requires_confirmation',
    usage: params.text('usage') ?? 'off_session',
  };
  await insertObject(call.tx, intent, null);
  if (confirmed) await emitEvent(call, 'setup_intent.succeeded', intent);
  return intent;
};

export const retrieveSetupIntent = async (call: StripeCall): Promise<Stripe.SetupIntent> => {
  const id = call.path['id'] ?? '';
  const intent = await readObject(call.tx, 'setup_intent', id);
  if (intent === null) throw missingObject('setup_intent', id);
  return intent;
};
