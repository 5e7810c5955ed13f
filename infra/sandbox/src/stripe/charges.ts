import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { type Decline } from './cards.ts';
import { emitEvent } from './emit-event.ts';
import { newStripeId } from './ids.ts';
import { insertObject, listObjects, readObject } from './objects.ts';
import { missingObject } from './stripe-error.ts';

export interface ChargeRequest {
  readonly intent: Stripe.PaymentIntent;
  readonly method: Stripe.PaymentMethod;
  readonly customer: string | null;
  readonly decline: Decline | null;
  readonly authenticated: boolean;
}

/** Puts one charge, captured or failed, into the books. */
export const addCharge = async (call: StripeCall, request: ChargeRequest): Promise<Stripe.Charge> => {
  const { intent, method, customer, decline } = request;
  const id = newStripeId('ch');
  const { amount, currency } = intent;
  const transaction =
    decline === null ? await addBalanceTransaction(call, { source: id, type: 'charge', amount, currency }) : null;
  const charge: Stripe.Charge = {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: decline === null ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: transaction?.id ?? null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'QUITTANCE',
    captured: decline === null,
    created: call.nowS,
    currency: intent.currency,
    customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: decline === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: cardDetails(request) },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: decline === null ? `${call.publicUrl}/receipts/${id}` : null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: decline === null ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: null,
  };
  await insertObject(call.tx, charge, null);
  await emitEvent(call, decline === null ? 'charge.succeeded' : 'charge.failed', charge);
  return charge;
};

export const retrieveCharge = async (call: StripeCall): Promise<Stripe.Charge> => {
  const id = call.path['id'] ?? '';
  const charge = await readObject(call.tx, 'charge', id);
  if (charge === null) throw missingObject('charge', id);
  return charge;
};

export const listCharges = (call: StripeCall): Promise<Stripe.ApiList<Stripe.Charge>> =>
  listObjects(call.tx, 'charge', { params: call.params, url: '/v1/charges', fields: ['payment_intent', 'customer'] });

const outcomeOf = (decline: Decline | null): Stripe.Charge.Outcome => ({
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: decline === null ? 'approved_by_network' : 'declined_by_network',
  reason: decline?.declineCode ?? null,
  risk_level: 'normal',
  seller_message:
    decline === null ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
  type: decline === null ? 'authorized' : 'issuer_declined',
});

const cardDetails = ({ intent, method, authenticated }: ChargeRequest): Stripe.Charge.PaymentMethodDetails.Card => ({
  amount_authorized: intent.amount,
  authorization_code: null,
  brand: method.card?.brand ?? null,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  country: method.card?.country ?? null,
  electronic_commerce_indicator: null,
  exp_month: method.card?.exp_month ?? 12,
  exp_year: method.card?.exp_year ?? 2034,
  extended_authorization: { status: 'disabled' },
  fingerprint: method.card?.fingerprint ?? null,
  funding: 'credit',
  incremental_authorization: { status: 'unavailable' },
  installments: null,
  last4: method.card?.last4 ?? null,
  mandate: null,
  multicapture: { status: 'unavailable' },
  network: 'visa',
  network_token: { used: false },
  network_transaction_id: newStripeId('ntx', 12),
  overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
  regulated_status: 'unregulated',
  three_d_secure: authenticated
    ? {
        authentication_flow: 'challenge',
        electronic_commerce_indicator: '05',
        exemption_indicator: null,
        result: 'authenticated',
        result_reason: null,
        transaction_id: newStripeId('tds', 12),
        version: '2.2.0',
      }
    : null,
  transaction_link_id: null,
  wallet: null,
});

/** What reached the balance: charges come in, refunds go out; the sandbox takes no fee. */
export const addBalanceTransaction = async (
  call: StripeCall,
  entry: {
    readonly source: string;
    readonly type: 'charge' | 'refund';
    readonly amount: number;
    readonly currency: string;
  },
): Promise<Stripe.BalanceTransaction> => {
  const transaction: Stripe.BalanceTransaction = {
    id: newStripeId('txn'),
    object: 'balance_transaction',
    amount: entry.amount,
    available_on: call.nowS,
    balance_type: 'payments',
    created: call.nowS,
    currency: entry.currency,
    description: null,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: entry.amount,
    reporting_category: entry.type,
    source: entry.source,
    status: 'available',
    type: entry.type,
  };
  await insertObject(call.tx, transaction, null);
  return transaction;
};
