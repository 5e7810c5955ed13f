import { type Id } from '@quittance/kernel';
import { amountAsNumber } from '@quittance/money';
import { Stripe } from 'stripe';
import { z } from 'zod';

import {
  type ChargeOutcome,
  type ChargingFacts,
  type FindChargeOutcome,
  type PrepareOutcome,
  type SendChargeOutcome,
  type Unknown,
} from '../application/ports.ts';
import { type OpenRequest } from '../domain/order.ts';
import { toStripeAmount } from './stripe-amounts.ts';
import { type StripeClient } from './stripe-client.ts';
import { fromStripeError } from './stripe-errors.ts';
import { fromStripeIntent } from './stripe-reader.ts';

/** Stripe's limit of a description; the invoice has the full text. */
const DESCRIPTION_MAX = 500;
const EXPANSION = ['latest_charge', 'payment_method'];
/** Before the intent was recorded it cannot have been sent; the margin is for clocks that differ. */
const FIND_MARGIN_SECONDS = 10 * 60;
const FIND_MAX = 300;

/** The parameters of an off-session PaymentIntent as they are kept in the order's row. */
const IntentParams = z.strictObject({
  amount: z.int().positive(),
  currency: z.string(),
  customer: z.string(),
  payment_method: z.string(),
  description: z.string(),
  confirm: z.literal(true),
  off_session: z.literal(true),
  metadata: z.strictObject({
    order: z.string(),
    invoice: z.string(),
    correlation: z.string(),
    via: z.literal('charge'),
  }),
});
type IntentParams = z.infer<typeof IntentParams>;

/** One confirmed payment without the customer: it succeeds, is declined, or is on its way; it never waits for anybody. */
export const prepareStripeCharge = (facts: ChargingFacts): PrepareOutcome => {
  const amount = toStripeAmount(facts.amount);
  if (amount === null) {
    const message = `Stripe cannot express ${facts.amount.amountMinor} minor units of ${facts.amount.currency}.`;
    return { outcome: 'refused', code: 'payments_card.currency_unsupported', message };
  }
  const request: IntentParams = {
    amount: amountAsNumber({ amountMinor: amount.units, currency: facts.amount.currency }),
    currency: amount.currency.toLowerCase(),
    customer: facts.method.customerReference,
    payment_method: facts.method.methodReference,
    description: facts.description.slice(0, DESCRIPTION_MAX),
    confirm: true,
    off_session: true,
    metadata: { order: facts.orderId, invoice: facts.invoiceId, correlation: facts.correlationId, via: 'charge' },
  };
  return { outcome: 'prepared', request };
};

/** A decline comes as an error that carries the PaymentIntent: it is an answer, and read like one. */
export const sendStripeCharge = async (
  client: StripeClient,
  idempotencyKey: string,
  request: OpenRequest,
): Promise<SendChargeOutcome> => {
  const params = IntentParams.parse(request);
  try {
    const intent = await client.change((stripe) =>
      stripe.paymentIntents.create({ ...params, expand: EXPANSION }, { idempotencyKey }),
    );
    return { outcome: 'read', reading: fromStripeIntent(intent) };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError && error.payment_intent !== undefined)
      return { outcome: 'read', reading: fromStripeIntent(error.payment_intent) };
    const failure = fromStripeError(error);
    // Our own key or account is wrong, not the customer's card: nobody is dunned for that.
    return failure.outcome === 'refused' && failure.code === 'payments_card.credentials_refused'
      ? { outcome: 'unknown', reason: 'credentials_refused' }
      : failure;
  }
};

export const readStripeCharge = async (client: StripeClient, reference: string): Promise<ChargeOutcome> => {
  try {
    const intent = await client.read((stripe) => stripe.paymentIntents.retrieve(reference, { expand: EXPANSION }));
    return { outcome: 'read', reading: fromStripeIntent(intent) };
  } catch (error) {
    return unanswered(error);
  }
};

/** Among the customer's few payments since the intent was recorded; listing is always current, searching is not. */
export const findStripeCharge = async (
  client: StripeClient,
  orderId: Id<'ord'>,
  sent: { readonly request: OpenRequest; readonly since: Date },
): Promise<FindChargeOutcome> => {
  const { customer } = IntentParams.parse(sent.request);
  const created = { gte: Math.floor(sent.since.getTime() / 1000) - FIND_MARGIN_SECONDS };
  try {
    const found = await client.read((stripe) => findIntent(stripe, orderId, { customer, created }));
    return found === '' ? { outcome: 'none' } : await readStripeCharge(client, found);
  } catch (error) {
    return unanswered(error);
  }
};

const findIntent = async (
  stripe: Stripe,
  orderId: Id<'ord'>,
  of: { readonly customer: string; readonly created: Stripe.RangeQueryParam },
): Promise<string> => {
  let seen = 0;
  for await (const intent of stripe.paymentIntents.list({ ...of, limit: 100 })) {
    if (intent.metadata['order'] === orderId) return intent.id;
    seen += 1;
    if (seen >= FIND_MAX) break;
  }
  return '';
};

/** A refused reading tells nothing of the money: it is as unknown as no answer. */
const unanswered = (error: unknown): Unknown => {
  const failure = fromStripeError(error);
  return failure.outcome === 'unknown' ? failure : { outcome: 'unknown', reason: failure.code };
};
