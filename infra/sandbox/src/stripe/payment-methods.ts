import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { findTestCard, fingerprintOf, type TestCard } from './cards.ts';
import { readAddress } from './customers.ts';
import { emitEvent } from './emit-event.ts';
import { newStripeId } from './ids.ts';
import { insertObject, listObjects, lockObject, readHidden, readObject, updateObject } from './objects.ts';
import { invalidParam, missingObject, unexpectedState } from './stripe-error.ts';

export interface CardDetails {
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly billing: Stripe.PaymentMethod.BillingDetails;
}

/** `type=card` with a test token (`card[token]=tok_visa`); numbers never come through the API. */
export const createPaymentMethod = async (call: StripeCall): Promise<Stripe.PaymentMethod> => {
  const { params } = call;
  const type = params.needText('type');
  if (type !== 'card')
    throw invalidParam('type', `This sandbox plays cards only, not ${type}.`, 'parameter_invalid_value');
  const token = params.child('card')?.needText('token') ?? '';
  const card = findTestCard(token);
  if (card === null) throw missingObject('token', token, 'card[token]');
  const billing = params.child('billing_details');
  return addPaymentMethod(call, card, {
    expiryMonth: 12,
    expiryYear: 2034,
    billing: {
      address: readAddress(billing?.child('address') ?? null),
      email: billing?.text('email') ?? null,
      name: billing?.text('name') ?? null,
      phone: billing?.text('phone') ?? null,
      tax_id: null,
    },
  });
};

const NO_BILLING: Stripe.PaymentMethod.BillingDetails = {
  address: null,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

export const addPaymentMethod = async (
  call: StripeCall,
  card: TestCard,
  details: CardDetails,
): Promise<Stripe.PaymentMethod> => {
  const method: Stripe.PaymentMethod = {
    id: newStripeId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: details.billing,
    card: {
      brand: 'visa',
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: 'visa',
      exp_month: details.expiryMonth,
      exp_year: details.expiryYear,
      fingerprint: fingerprintOf(card),
      funding: 'credit',
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: ['visa'], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: call.nowS,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
  await insertObject(call.tx, method, { testCard: card.number });
  return method;
};

export const retrievePaymentMethod = (call: StripeCall): Promise<Stripe.PaymentMethod> =>
  needPaymentMethod(call, call.path['id'] ?? '');

/** By id, or a new one for a magic id such as `pm_card_visa`. */
export const needPaymentMethod = async (call: StripeCall, id: string, param = 'id'): Promise<Stripe.PaymentMethod> => {
  const found = await readObject(call.tx, 'payment_method', id);
  if (found !== null) return found;
  const card = findTestCard(id);
  if (card === null || !id.startsWith('pm_')) throw missingObject('PaymentMethod', id, param);
  return addPaymentMethod(call, card, { expiryMonth: 12, expiryYear: 2034, billing: NO_BILLING });
};

export const cardBehind = async (call: StripeCall, method: Stripe.PaymentMethod): Promise<TestCard> => {
  const hidden = await readHidden(call.tx, 'payment_method', method.id);
  const card = findTestCard(hidden?.testCard ?? '');
  if (card === null) throw missingObject('card', method.id);
  return card;
};

export const listPaymentMethods = (call: StripeCall): Promise<Stripe.ApiList<Stripe.PaymentMethod>> => {
  const { customer } = call.path;
  if (customer !== undefined) {
    call.params.ignore('type', 'allow_redisplay');
    const params = {
      ...call.params,
      text: (name: string) => (name === 'customer' ? customer : call.params.text(name)),
    };
    return listObjects(call.tx, 'payment_method', {
      params,
      url: `/v1/customers/${customer}/payment_methods`,
      fields: ['customer'],
    });
  }
  return listObjects(call.tx, 'payment_method', {
    params: call.params,
    url: '/v1/payment_methods',
    fields: ['customer', 'type'],
  });
};

export const attachPaymentMethod = async (call: StripeCall): Promise<Stripe.PaymentMethod> => {
  const method = await needPaymentMethod(call, call.path['id'] ?? '');
  const customerId = call.params.needText('customer');
  const customer = await readObject(call.tx, 'customer', customerId);
  if (customer === null) throw missingObject('customer', customerId, 'customer');
  return attachTo(call, method, customerId);
};

export const attachTo = async (
  call: StripeCall,
  method: Stripe.PaymentMethod,
  customer: string,
): Promise<Stripe.PaymentMethod> => {
  if (method.customer === customer) return method;
  if (method.customer !== null) {
    throw unexpectedState(
      'payment_method_unexpected_state',
      'The payment method you provided has already been attached to a customer.',
    );
  }
  const attached: Stripe.PaymentMethod = { ...method, customer };
  await updateObject(call.tx, attached);
  await emitEvent(call, 'payment_method.attached', attached);
  return attached;
};

export const detachPaymentMethod = async (call: StripeCall): Promise<Stripe.PaymentMethod> => {
  const id = call.path['id'] ?? '';
  const method = await lockObject(call.tx, 'payment_method', id);
  if (method === null) throw missingObject('PaymentMethod', id);
  if (method.customer === null) {
    throw unexpectedState(
      'payment_method_unexpected_state',
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    );
  }
  const detached: Stripe.PaymentMethod = { ...method, customer: null };
  await updateObject(call.tx, detached);
  await emitEvent(call, 'payment_method.detached', detached);
  return detached;
};
