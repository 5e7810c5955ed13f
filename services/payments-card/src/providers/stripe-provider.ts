import { type Id } from '@quittance/kernel';
import { type Stripe } from 'stripe';

import { type CardProvider, type FindOutcome, type OpenOutcome, type ReadOutcome } from '../application/ports.ts';
import { type OpenRequest } from '../domain/order.ts';
import { toStripeAmount } from './stripe-amounts.ts';
import { findStripeCharge, prepareStripeCharge, readStripeCharge, sendStripeCharge } from './stripe-charging.ts';
import { type StripeClient } from './stripe-client.ts';
import { fromStripeError, REPEATED_500 } from './stripe-errors.ts';
import { preparedAt, prepareStripeOpening, toStripeSessionParams } from './stripe-opening.ts';
import { fromStripeSession, fromStripeSessionPlace, SESSION_EXPANSION } from './stripe-reader.ts';

/** Around the time an order was made; its session could not have been created later and still live long enough. */
const FIND_WITHIN_SECONDS = 10 * 60;
const FIND_SESSIONS_MAX = 1000;

/** Stripe as a rail: Checkout where the customer is there, PaymentIntents where not. */
export const makeStripeProvider = (client: StripeClient): CardProvider => ({
  name: 'stripe',
  prepareOpening: prepareStripeOpening,
  toProviderAmount: toStripeAmount,
  openOrder: (orderId, request) => open(client, orderId, request),
  readOrder: (reference) => read(client, reference),
  closeOrder: (reference) => close(client, reference),
  findOrder: (orderId, createdAt) => find(client, orderId, createdAt),
  prepareCharge: prepareStripeCharge,
  sendCharge: (key, request) => sendStripeCharge(client, key, request),
  findCharge: (orderId, sent) => findStripeCharge(client, orderId, sent),
  readCharge: (reference) => readStripeCharge(client, reference),
});

/** An order's request goes out under its first key, or, where Stripe has spoilt it, under the next. */
const KEYS_MAX = 24;

/**
 * Stripe keeps a 500 under its key and gives it again for a day, to a provider that has long been well. Then the order
 * is looked for, and only if it is not there asked for under a fresh key; which keys are spoilt, Stripe remembers for
 * us. One key a try, so that an outage of seconds does not spoil them all. A session that such a failure has hidden
 * from the search can be paid by nobody: its page was never told.
 */
const open = async (client: StripeClient, orderId: Id<'ord'>, request: OpenRequest): Promise<OpenOutcome> => {
  const first = await send(client, request, `open:${orderId}`);
  if (!isSpoilt(first)) return first;
  const found = await find(client, orderId, preparedAt(request));
  if (found.outcome === 'read') return { outcome: 'opened', session: found.reading.session };
  if (found.outcome === 'unknown') return found;
  for (let key = 2; key <= KEYS_MAX; key += 1) {
    const next = await send(client, request, `open:${orderId}:${key}`);
    if (!isSpoilt(next)) return next;
  }
  return first;
};

const isSpoilt = (outcome: OpenOutcome): boolean => outcome.outcome === 'unknown' && outcome.reason === REPEATED_500;

const send = async (client: StripeClient, request: OpenRequest, idempotencyKey: string): Promise<OpenOutcome> => {
  const params = toStripeSessionParams(request);
  try {
    const session = await client.change((stripe) => stripe.checkout.sessions.create(params, { idempotencyKey }));
    return { outcome: 'opened', session: fromStripeSessionPlace(session) };
  } catch (error) {
    return fromStripeError(error);
  }
};

const read = async (client: StripeClient, reference: string): Promise<ReadOutcome> => {
  try {
    const session = await client.read((stripe) =>
      stripe.checkout.sessions.retrieve(reference, { expand: SESSION_EXPANSION }),
    );
    return { outcome: 'read', reading: fromStripeSession(session) };
  } catch (error) {
    return unanswered(error);
  }
};

/**
 * Without an idempotency key: expiring twice is expiring once, and a 500 kept under a key would come back for a day.
 * Whatever the answer, what became of the session is read: it may have expired, or been paid, all the same.
 */
const close = async (client: StripeClient, reference: string): Promise<ReadOutcome> => {
  try {
    await client.change((stripe) => stripe.checkout.sessions.expire(reference));
  } catch (error) {
    const failure = fromStripeError(error);
    const after = await read(client, reference);
    // Still open, and nobody knows whether it was closed: asked again later, with growing pauses.
    const stillOpen = after.outcome === 'read' && after.reading.status === 'open';
    return stillOpen && failure.outcome === 'unknown' ? failure : after;
  }
  return read(client, reference);
};

/** Sessions cannot be listed by our reference, so the few of that quarter of an hour are looked through. */
const find = async (client: StripeClient, orderId: Id<'ord'>, createdAt: Date): Promise<FindOutcome> => {
  const at = Math.floor(createdAt.getTime() / 1000);
  const created = { gte: at - FIND_WITHIN_SECONDS, lte: at + FIND_WITHIN_SECONDS };
  try {
    const reference = await client.read((stripe) => findReference(stripe, orderId, created));
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
