import { amountAsNumber } from '@quittance/money';
import { type Stripe } from 'stripe';
import { z } from 'zod';

import { type OpeningFacts, type PrepareOutcome } from '../application/ports.ts';
import { type OpenRequest } from '../domain/order.ts';
import { toStripeAmount } from './stripe-amounts.ts';

/** Stripe allows 30 minutes and more; five are left for tries that fail. */
const LIFE_SECONDS = 35 * 60;

/** Stripe's limit of a product name; the invoice has the full text. */
const NAME_MAX = 250;

const Metadata = z.strictObject({ order: z.string(), invoice: z.string(), correlation: z.string() });

/** The parameters of a Checkout Session as they are kept in the order's row. */
const SessionParams = z.strictObject({
  mode: z.literal('payment'),
  client_reference_id: z.string(),
  line_items: z.array(
    z.strictObject({
      quantity: z.literal(1),
      price_data: z.strictObject({
        currency: z.string(),
        unit_amount: z.int().positive(),
        product_data: z.strictObject({ name: z.string() }),
      }),
    }),
  ),
  customer: z.string().exactOptional(),
  customer_creation: z.literal('always').exactOptional(),
  adaptive_pricing: z.strictObject({ enabled: z.literal(false) }),
  payment_intent_data: z.strictObject({
    setup_future_usage: z.literal('off_session'),
    metadata: z.strictObject({ ...Metadata.shape, via: z.literal('checkout') }),
  }),
  metadata: Metadata,
  expires_at: z.int(),
  success_url: z.string(),
  cancel_url: z.string(),
});
type SessionParams = z.infer<typeof SessionParams>;

/** One line with the total, a card kept for renewals, our ids on the session and on the payment it will make. */
export const prepareStripeOpening = (facts: OpeningFacts, now: Date): PrepareOutcome => {
  const amount = toStripeAmount(facts.amount);
  if (amount === null) {
    const message = `Stripe cannot express ${facts.amount.amountMinor} minor units of ${facts.amount.currency}.`;
    return { outcome: 'refused', code: 'payments_card.currency_unsupported', message };
  }
  const metadata = { order: facts.orderId, invoice: facts.invoiceId, correlation: facts.correlationId };
  const request: SessionParams = {
    mode: 'payment',
    client_reference_id: facts.orderId,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: amount.currency.toLowerCase(),
          unit_amount: amountAsNumber({ amountMinor: amount.units, currency: facts.amount.currency }),
          product_data: { name: facts.description.slice(0, NAME_MAX) },
        },
      },
    ],
    // Without a customer the card could not be charged again for the renewal; whoever comes again is the same one.
    ...(facts.customerReference === null ? { customer_creation: 'always' } : { customer: facts.customerReference }),
    // The order's amount and currency are what is collected, whatever the customer's own currency is.
    adaptive_pricing: { enabled: false },
    payment_intent_data: { setup_future_usage: 'off_session', metadata: { ...metadata, via: 'checkout' } },
    metadata,
    expires_at: Math.floor(now.getTime() / 1000) + LIFE_SECONDS,
    success_url: facts.returnUrls.success,
    cancel_url: facts.returnUrls.cancel,
  };
  return { outcome: 'prepared', request };
};

/** Back from the row. A request that another release wrote differently must not be sent changed: it throws. */
export const toStripeSessionParams = (request: OpenRequest): Stripe.Checkout.SessionCreateParams =>
  SessionParams.parse(request);

/** The provider's time when the request was made. */
export const preparedAt = (request: OpenRequest): Date =>
  new Date((SessionParams.parse(request).expires_at - LIFE_SECONDS) * 1000);
