import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { addBalanceTransaction } from './charges.ts';
import { mergeMetadata } from './customers.ts';
import { emitEvent } from './emit-event.ts';
import { newStripeId } from './ids.ts';
import { insertObject, listObjects, lockObject, readObject, updateObject } from './objects.ts';
import { invalidParam, missingObject, StripeFailure } from './stripe-error.ts';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'];

/** Of a charge or of an intent's charge, whole or in part, never more than is left. */
export const createRefund = async (call: StripeCall): Promise<Stripe.Refund> => {
  const { params } = call;
  const charge = await chargeToRefund(call);
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = params.integer('amount') ?? left;
  if (charge.refunded) {
    throw new StripeFailure(400, {
      type: 'invalid_request_error',
      code: 'charge_already_refunded',
      message: `Charge ${charge.id} has already been refunded.`,
    });
  }
  if (amount < 1) throw invalidParam('amount', 'Invalid positive integer', 'parameter_invalid_integer');
  if (amount > left) {
    throw invalidParam(
      'amount',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      'amount_too_large',
    );
  }
  const refund = await addRefund(call, charge, amount);
  const updated: Stripe.Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: amount === left,
  };
  await updateObject(call.tx, updated);
  await emitEvent(call, 'refund.created', refund);
  await emitEvent(call, 'charge.refunded', updated);
  return refund;
};

const addRefund = async (call: StripeCall, charge: Stripe.Charge, amount: number): Promise<Stripe.Refund> => {
  const { params } = call;
  const id = newStripeId('re');
  const { currency } = charge;
  const transaction = await addBalanceTransaction(call, { source: id, type: 'refund', amount: -amount, currency });
  const refund: Stripe.Refund = {
    id,
    object: 'refund',
    amount,
    balance_transaction: transaction.id,
    charge: charge.id,
    created: call.nowS,
    currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      type: 'card',
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
    },
    metadata: params.map('metadata') ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: readReason(call),
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
  await insertObject(call.tx, refund, null);
  return refund;
};

const readReason = (call: StripeCall): string | null => {
  const reason = call.params.text('reason');
  if (reason !== null && !REASONS.includes(reason)) {
    throw invalidParam('reason', `Invalid reason: must be one of ${REASONS.join(', ')}`, 'parameter_invalid_value');
  }
  return reason;
};

const chargeToRefund = async (call: StripeCall): Promise<Stripe.Charge> => {
  const chargeId = call.params.text('charge');
  const intentId = call.params.text('payment_intent');
  if (chargeId === null && intentId === null) {
    throw invalidParam(
      'charge',
      'One of the following params should be provided: payment_intent or charge.',
      'parameter_missing',
    );
  }
  const id = chargeId ?? (await latestChargeOf(call, intentId ?? ''));
  const charge = await lockObject(call.tx, 'charge', id);
  if (charge === null) throw missingObject('charge', id, 'charge');
  if (!charge.captured)
    throw invalidParam('charge', `Charge ${id} was not captured and cannot be refunded.`, 'charge_not_refundable');
  return charge;
};

const latestChargeOf = async (call: StripeCall, intentId: string): Promise<string> => {
  const intent = await readObject(call.tx, 'payment_intent', intentId);
  if (intent === null) throw missingObject('payment_intent', intentId, 'payment_intent');
  if (typeof intent.latest_charge !== 'string') {
    throw invalidParam(
      'payment_intent',
      `The PaymentIntent ${intentId} does not have a successful charge to refund.`,
      'charge_not_refundable',
    );
  }
  return intent.latest_charge;
};

export const retrieveRefund = async (call: StripeCall): Promise<Stripe.Refund> => {
  const id = call.path['id'] ?? '';
  const refund = await readObject(call.tx, 'refund', id);
  if (refund === null) throw missingObject('refund', id);
  return refund;
};

export const updateRefund = async (call: StripeCall): Promise<Stripe.Refund> => {
  const id = call.path['id'] ?? '';
  const refund = await lockObject(call.tx, 'refund', id);
  if (refund === null) throw missingObject('refund', id);
  const updated: Stripe.Refund = { ...refund, metadata: mergeMetadata(refund.metadata, call.params.map('metadata')) };
  await updateObject(call.tx, updated);
  await emitEvent(call, 'refund.updated', updated);
  return updated;
};

export const listRefunds = (call: StripeCall): Promise<Stripe.ApiList<Stripe.Refund>> =>
  listObjects(call.tx, 'refund', { params: call.params, url: '/v1/refunds', fields: ['charge', 'payment_intent'] });
