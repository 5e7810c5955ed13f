import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { SubscriptionStatus } from '../messages/shared.ts';
import { idOf, Instant, ReturnUrl } from '../shapes.ts';
import { WEBHOOK_BYTES_MAX } from './payments-card.ts';
import { SetSubscriptionStatus } from './subscription-life.ts';

const Tier = z.enum(['free', 'pro', 'enterprise']);
const FormerInterval = z.enum(['monthly', 'yearly']);

/** What callers of the former billing API send and get; `GetSubscriptionStatus` and the webhook are its other half. */
const urls = {
  successUrl: ReturnUrl.optional().describe('Where the browser goes afterwards; without them, our own pages.'),
  cancelUrl: ReturnUrl.optional(),
};

const formerCheckout = {
  service: 'gateway',
  method: 'POST',
  access: { anyOf: ['own.write'] },
  audit: 'checkout.created',
  // Callers of the former API send no key; the same wish again is the same open checkout.
  idempotency: 'none',
  rate: 'write',
  body: z.strictObject({ plan: Tier, interval: FormerInterval.default('monthly'), ...urls }),
  answer: z.strictObject({
    url: z
      .url()
      .describe('Where to send the browser: the payment page, or `successUrl` for a plan that costs nothing.'),
    sessionId: idOf('chk'),
  }),
} as const;

export const CreateFormerAppCheckout = httpContract({
  ...formerCheckout,
  name: 'CreateFormerAppCheckout',
  path: '/api/stripe/create-checkout-app',
  summary: 'Deprecated: use `POST /v1/checkout-sessions`. A card checkout for the caller’s own account, in US dollars.',
});

export const CreateFormerCheckout = httpContract({
  ...formerCheckout,
  name: 'CreateFormerCheckout',
  path: '/api/stripe/create-checkout',
  summary: 'Deprecated: the same as `POST /api/stripe/create-checkout-app`.',
});

const formerChange = {
  service: 'gateway',
  method: 'POST',
  access: { anyOf: ['own.write'] },
  audit: 'subscription.change_requested',
  // Callers of the former API send no key: the same wish for a subscription that stands as it did is the same change.
  idempotency: 'none',
  rate: 'write',
  answer: z.strictObject({
    url: z.url().nullable().describe('Where to pay; null where nothing is to be paid.'),
    changeId: idOf('chg'),
    status: z.enum(['awaiting_payment', 'scheduled', 'applied']),
    effectiveAt: Instant.describe('When it takes effect, once it is paid.'),
  }),
} as const;

export const UpgradeFormerSubscription = httpContract({
  ...formerChange,
  name: 'UpgradeFormerSubscription',
  path: '/api/billing/upgrade',
  summary:
    'Deprecated: use `POST /v1/subscriptions/:id/change`. Change the caller’s own subscription to more and pay the difference.',
  body: z
    .strictObject({ plan: Tier, interval: FormerInterval.optional(), ...urls })
    .describe('Without an interval, the subscription keeps its own.'),
});

export const DowngradeFormerSubscription = httpContract({
  ...formerChange,
  name: 'DowngradeFormerSubscription',
  path: '/api/billing/downgrade',
  summary: 'Deprecated: use `POST /v1/subscriptions/:id/change`. The cheaper plan follows when the period is over.',
  body: z.strictObject({ plan: Tier, interval: FormerInterval.optional() }),
});

/** The unversioned path that operators’ tools still call. */
export const SetFormerSubscriptionStatus = httpContract({
  ...SetSubscriptionStatus,
  name: 'SetFormerSubscriptionStatus',
  service: 'gateway',
  path: '/subscriptions/:id/status',
  summary: 'Deprecated: the same as `POST /v1/subscriptions/:id/status`.',
});

export const ReceiveFormerStripeWebhook = httpContract({
  name: 'ReceiveFormerStripeWebhook',
  service: 'gateway',
  method: 'POST',
  path: '/api/stripe/webhook',
  summary: 'The same as `POST /webhooks/stripe`, byte for byte, for endpoints registered at Stripe before.',
  access: 'signed',
  audit: 'webhook.received',
  idempotency: 'none',
  rate: 'webhook',
  body: 'raw',
  bodyBytesMax: WEBHOOK_BYTES_MAX,
  answer: z.strictObject({ received: z.literal(true) }),
});

export const GetSubscriptionStatus = httpContract({
  name: 'GetSubscriptionStatus',
  service: 'gateway',
  method: 'GET',
  path: '/api/billing/subscription-status',
  summary: 'Deprecated: use `GET /v1/billing`. The caller’s own subscription in one object.',
  access: { anyOf: ['own.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  answer: z.strictObject({
    status: z.union([SubscriptionStatus, z.literal('none')]).describe('`none`: the account never had a subscription.'),
    tier: z.string().nullable(),
    plan: z.string().nullable(),
    interval: z.enum(['monthly', 'yearly']).nullable(),
    subscriptionId: idOf('sub').nullable(),
    currentPeriodStart: Instant.nullable(),
    currentPeriodEnd: Instant.nullable(),
    cancelAtPeriodEnd: z.boolean().describe('True where the period ends and nothing renews it.'),
  }),
});
