import { type Id } from '@quittance/kernel';
import { type Stripe } from 'stripe';

import { type CardProvider, type FindOutcome, type OpenOutcome, type ReadOutcome } from '../application/ports.ts';
import { type OpenRequest } from '../domain/order.ts';
import { toStripeAmount } from './stripe-amounts.ts';
import { type StripeClient } from './stripe-client.ts';
import { fromStripeError } from './stripe-errors.ts';
import { prepareStripeOpening, toStripeSessionParams } from './stripe-opening.ts';
import { fromStripeSession, fromStripeSessionPlace, SESSION_EXPANSION } from './stripe-reader.ts';

/** Around the time an order was made; its session could not have been created later and still live long enough. */
const FIND_WITHIN_SECONDS = 10 * 60;
const FIND_SESSIONS_MAX = 1000;

/** Stripe Checkout as a rail. */
export const makeStripeProvider = (client: StripeClient): CardProvider => ({
  name: 'stripe',
  prepareOpening: prepareStripeOpening,
  toProviderAmount: toStripeAmount,
  openOrder: (orderId, request) => open(client, orderId, request),
  readOrder: (reference) => read(client, reference),
  closeOrder: (orderId, reference) => close(client, orderId, reference),
  findOrder: (orderId, createdAt) => find(client, orderId, createdAt),
});

const open = async (client: StripeClient, orderId: Id<'ord'>, request: OpenRequest): Promise<OpenOutcome> => {
  const params = toStripeSessionParams(request);
  try {
    const session = await client.call((stripe) =>
      stripe.checkout.sessions.create(params, { idempotencyKey: `open:${orderId}` }),
    );
    return { outcome: 'opened', session: fromStripeSessionPlace(session) };
  } catch (error) {
    return fromStripeError(error);
  }
};

const read = async (client: StripeClient, reference: string): Promise<ReadOutcome> => {
  try {
    const session = await client.call((stripe) =>
      stripe.checkout.sessions.retrieve(reference, { expand: SESSION_EXPANSION }),
    );
    return { outcome: 'read', reading: fromStripeSession(session) };
  } catch (error) {
    return unanswered(error);
  }
};

const close = async (client: StripeClient, orderId: Id<'ord'>, reference: string): Promise<ReadOutcome> => {
  try {
    await client.call((stripe) =>
      stripe.checkout.sessions.expire(reference, {}, { idempotencyKey: `close:${orderId}` }),
    );
  } catch (error) {
    // Refused means: it is complete or expired already. Which of them, reading says.
    const failure = fromStripeError(error);
    if (failure.outcome === 'unknown') return failure;
  }
  return read(client, reference);
};

/** Sessions cannot be listed by our reference, so the few of that quarter of an hour are looked through. */
const find = async (client: StripeClient, orderId: Id<'ord'>, createdAt: Date): Promise<FindOutcome> => {
  const at = Math.floor(createdAt.getTime() / 1000);
  const created = { gte: at - FIND_WITHIN_SECONDS, lte: at + FIND_WITHIN_SECONDS };
  try {
    const reference = await client.call((stripe) => findReference(stripe, orderId, created));
    return reference === '' ? { outcome: 'none' } : await read(client, reference);
  } catch (error) {
    return unanswered(error);
  }
};

const findReference = async (stripe: Stripe, orderId: Id<'ord'>, created: Stripe.RangeQueryParam): Promise<string> => {
  let seen = 0;
  for await (const session of stripe.checkout.sessions.list({ created, limit: 100 })) {
    if (session.client_reference_id === orderId) return session.id;
    seen += 1;
    if (seen >= FIND_SESSIONS_MAX) break;
  }
  return '';
};

/** A refused reading tells nothing of the money: it is as unknown as no answer. */
const unanswered = (error: unknown): ReadOutcome => {
  const failure = fromStripeError(error);
  return failure.outcome === 'unknown' ? failure : { outcome: 'unknown', reason: failure.code };
};
