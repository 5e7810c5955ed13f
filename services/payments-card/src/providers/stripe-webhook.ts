import { isId, must, type Secret, type WallClock } from '@quittance/kernel';
import { Stripe } from 'stripe';
import { z } from 'zod';

import {
  type DenialReason,
  type EventEffect,
  type VerifiedEvent,
  type WebhookVerdict,
  type WebhookVerifier,
} from '../application/ports.ts';
import { meaningOf, type Via } from './stripe-event-types.ts';
import { declineOf, fromUnixSeconds } from './stripe-reader.ts';
import { withoutCardNumbers } from './without-card-numbers.ts';

export interface StripeWebhookOptions {
  /** More than one while a secret is being rolled. */
  readonly secrets: readonly Secret[];
  readonly livemode: boolean;
  readonly wallClock: WallClock;
}

/** On both sides: an event signed for next week could otherwise be replayed until then. */
const TOLERANCE_SECONDS = 300;

/** Trusts an event only by its signature over the very bytes that came in. */
export const makeStripeWebhook = ({ secrets, livemode, wallClock }: StripeWebhookOptions): WebhookVerifier => ({
  provider: 'stripe',
  verify: (body, signature) => {
    const denial = checkSignature({ body, header: signature ?? '', secrets, nowMs: wallClock.nowMs() });
    if (denial !== null) return denied(denial);
    const event = parse(body);
    if (event === null) return denied('malformed');
    if (event.livemode !== livemode) return denied('wrong_mode');
    const payload = withoutCardNumbers(body);
    const kept = payload === body ? event : parse(payload);
    // A card number was its id or type.
    if (kept === null) return denied('malformed');
    return { verdict: 'genuine', event: toVerifiedEvent(kept), payload };
  },
  effectOf: (payload) => {
    const event = parse(payload);
    if (event === null) return { effect: 'none', decline: null, subscriptionReference: null };
    const subscriptionReference = ownSubscriptionOf(event);
    const failed = event.type === 'payment_intent.payment_failed';
    const decline = failed ? declineOf(event.data.object, event.created) : null;
    return { effect: effectOf(event, subscriptionReference), decline, subscriptionReference };
  },
});

/** A Checkout Session in the mode of earlier platforms is about a subscription, and about no order of ours. */
const effectOf = (event: Event, subscriptionReference: string | null): EventEffect => {
  const { effect } = meaningOf(event.type, viaOf(event));
  if (event.data.object.mode !== 'subscription' && effect !== 'mirror_subscription') return effect;
  return subscriptionReference === null ? 'none' : 'mirror_subscription';
};

/** An event is about a subscription of Stripe's own, or names it: directly, or (an invoice) as what caused it. */
const ownSubscriptionOf = ({ data: { object } }: Event): string | null =>
  object.object === 'subscription' && object.id !== ''
    ? object.id
    : referenceOf(object.subscription ?? object.parent?.subscription_details?.subscription);

export interface SignatureCheck {
  readonly body: Buffer;
  readonly header: string;
  readonly secrets: readonly Secret[];
  readonly nowMs: number;
  readonly toleranceSeconds?: number;
}

/** Null when one of the secrets signed these bytes, lately. */
export const checkSignature = (check: SignatureCheck): DenialReason | null => {
  const { body, header, secrets, nowMs, toleranceSeconds = TOLERANCE_SECONDS } = check;
  // Without a tolerance the SDK checks the signature alone, and an old one can be told from a forged one.
  if (!secrets.some((secret) => isSignedBy({ body, header, secret: secret.reveal(), toleranceSeconds: 0, nowMs }))) {
    return 'signature';
  }
  if (!secrets.some((secret) => isSignedBy({ body, header, secret: secret.reveal(), toleranceSeconds, nowMs }))) {
    return 'too_old';
  }
  const signedAtSeconds = timestampOf(header);
  // To the SDK a time that is no number is neither old nor young.
  if (!Number.isSafeInteger(signedAtSeconds)) return 'signature';
  // The SDK accepts any time in the future.
  return signedAtSeconds - Math.floor(nowMs / 1000) > toleranceSeconds ? 'from_the_future' : null;
};

const isSignedBy = (check: {
  readonly body: Buffer;
  readonly header: string;
  readonly secret: string;
  readonly toleranceSeconds: number;
  readonly nowMs: number;
}): boolean => {
  try {
    const { body, header, secret, toleranceSeconds, nowMs } = check;
    const signature = must(Stripe.webhooks.signature, 'the SDK’s signature check');
    return signature.verifyHeader(body, header, secret, toleranceSeconds, undefined, nowMs);
  } catch {
    return false;
  }
};

/** As the SDK reads it: the last `t` counts. */
const timestampOf = (header: string): number => {
  const times = header.split(',').filter((part) => part.split('=')[0] === 't');
  return Number.parseInt(times.at(-1)?.split('=')[1] ?? '', 10);
};

/** Ids, types and codes, which are stored, indexed and compared. */
const Word = z.string().regex(/^[\x21-\x7e]{1,200}$/);
const Reference = z.union([Word, z.looseObject({ id: Word })]);
/** The last second of the year 9999: what a date can hold and a database, too. */
const UNIX_SECONDS_MAX = 253_402_300_799;
/** Stripe’s events stay below 20. Whoever walks through one may do so by recursion. */
const LEVELS_MAX = 100;

/**
 * The parts of an event that we read; everything else stays in the stored bytes. The envelope must be right. Its subject
 * may be any object Stripe has: a part that is not what we know is as good as absent, the event is kept all the same.
 */
const Event = z.looseObject({
  id: Word,
  type: Word,
  livemode: z.boolean(),
  created: z.int().min(0).max(UNIX_SECONDS_MAX),
  data: z.looseObject({
    object: z.looseObject({
      id: Word.catch(''),
      object: z.string().catch(''),
      client_reference_id: z.string().nullish().catch(null),
      metadata: z.record(z.string(), z.string()).nullish().catch(null),
      payment_intent: Reference.nullish().catch(null),
      mode: z.string().nullish().catch(null),
      subscription: Reference.nullish().catch(null),
      parent: z
        .looseObject({ subscription_details: z.looseObject({ subscription: Reference.nullish() }).nullish() })
        .nullish()
        .catch(null),
      last_payment_error: z
        .looseObject({
          code: Word.optional(),
          decline_code: Word.optional(),
          charge: Word.optional(),
          payment_method: z.looseObject({ id: Word }).optional(),
        })
        .nullish()
        .catch(null),
    }),
  }),
});
type Event = z.infer<typeof Event>;

const parse = (body: Buffer): Event | null => {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    return isNestedDeeper(json, LEVELS_MAX) ? null : Event.parse(json);
  } catch {
    return null;
  }
};

const isNestedDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner: unknown) => isNestedDeeper(inner, levels - 1)));

const toVerifiedEvent = (event: Event): VerifiedEvent => {
  const { object } = event.data;
  const named = object.metadata?.['order'] ?? object.client_reference_id;
  const correlation = Word.safeParse(object.metadata?.['correlation']);
  return {
    id: event.id,
    type: event.type,
    livemode: event.livemode,
    createdAt: fromUnixSeconds(event.created),
    orderId: isId('ord', named) ? named : null,
    paymentReference: object.object === 'payment_intent' ? object.id : referenceOf(object.payment_intent),
    correlationId: correlation.success ? correlation.data : null,
    audited: meaningOf(event.type, viaOf(event)).audited,
  };
};

const viaOf = ({ data }: Event): Via => {
  const via = data.object.metadata?.['via'];
  return via === 'checkout' || via === 'charge' ? via : null;
};

const referenceOf = (reference: z.infer<typeof Reference> | null | undefined): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null);

const denied = (reason: DenialReason): WebhookVerdict => ({ verdict: 'denied', reason });
