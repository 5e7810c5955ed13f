import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { Rail } from '../messages/shared.ts';
import {
  ApiAccountId,
  Country,
  CurrencyCode,
  idOf,
  Instant,
  Interval,
  LanguageTag,
  plainText,
  Quantity,
  ReturnUrl,
} from '../shapes.ts';
import { ApiCheckoutSession } from './checkout-sessions.ts';
import { MAY_CHANGE, OPERATORS } from './subscription-changes.ts';
import { ApiSubscription } from './subscription.ts';

const Reason = plainText(500).optional();

/** Steps of a life: each is refused where it changes nothing, so that saying it twice does no harm. */
const step = {
  service: 'subscription',
  method: 'POST',
  idempotency: 'none',
  rate: 'write',
  params: z.strictObject({ id: idOf('sub') }),
  answer: ApiSubscription,
} as const;

export const CancelSubscription = httpContract({
  ...step,
  name: 'CancelSubscription',
  path: '/v1/subscriptions/:id/cancel',
  summary: 'End it with its period (access stays until then, `resume` undoes it), or now.',
  access: MAY_CHANGE,
  audit: 'subscription.cancelled',
  body: z.strictObject({ when: z.enum(['period_end', 'now']).default('period_end'), reason: Reason }),
});

export const ResumeSubscription = httpContract({
  ...step,
  name: 'ResumeSubscription',
  path: '/v1/subscriptions/:id/resume',
  summary: 'Undo a cancellation that has not taken effect, or end a pause: what was left of the period goes on.',
  access: MAY_CHANGE,
  audit: 'subscription.resumed',
});

export const PauseSubscription = httpContract({
  ...step,
  name: 'PauseSubscription',
  path: '/v1/subscriptions/:id/pause',
  summary: 'Stand still: no access and no renewal, until `resumesAt` or until it is resumed by hand.',
  access: MAY_CHANGE,
  audit: 'subscription.paused',
  body: z.strictObject({ resumesAt: Instant.optional(), reason: Reason }),
});

export const SetSubscriptionStatus = httpContract({
  ...step,
  name: 'SetSubscriptionStatus',
  path: '/v1/subscriptions/:id/status',
  summary:
    'For operators: suspend (access ends at once), cancel, or reinstate (`active`; what owes a renewal that it had access in is `past_due` again).',
  access: OPERATORS,
  audit: 'subscription.suspended',
  body: z.strictObject({ status: z.enum(['suspended', 'cancelled', 'active']), reason: plainText(500) }),
});

const trial = {
  planId: idOf('pln'),
  interval: Interval.default('month'),
  currency: CurrencyCode,
  country: Country.optional(),
  language: LanguageTag.optional(),
};

export const StartTrial = httpContract({
  name: 'StartTrial',
  service: 'subscription',
  method: 'POST',
  path: '/v1/trials',
  summary: 'Try a plan without a card, once per account and product. Pay for it with `…/change` while it lasts.',
  access: { anyOf: ['own.write'] },
  audit: 'subscription.trial_started',
  idempotency: 'required',
  rate: 'write',
  status: 201,
  body: z.strictObject(trial),
  answer: ApiSubscription,
});

export const CreateSubscription = httpContract({
  name: 'CreateSubscription',
  service: 'subscription',
  method: 'POST',
  path: '/v1/subscriptions',
  summary:
    'For operators: begin a subscription for a tenant. A trial or a plan without a price begins at once; else send `checkout.payUrl` to whoever pays.',
  access: OPERATORS,
  audit: 'subscription.drafted',
  idempotency: 'required',
  rate: 'write',
  status: 201,
  body: z.strictObject({
    accountId: ApiAccountId,
    ...trial,
    trial: z.boolean().default(false),
    quantity: Quantity.default(1),
    coupon: plainText(64).optional().describe('Not with a trial, which costs nothing: bring it to the conversion.'),
    rail: Rail.default('card'),
    successUrl: ReturnUrl,
    cancelUrl: ReturnUrl,
  }),
  answer: z.strictObject({ subscription: ApiSubscription, checkout: ApiCheckoutSession.nullable() }),
});

export const ReportFeatureCounts = httpContract({
  name: 'ReportFeatureCounts',
  service: 'subscription',
  method: 'PUT',
  path: '/v1/accounts/:id/feature-counts/:product',
  summary:
    'For platform services: how many of a limited feature the account has. A downgrade is refused while one exceeds the target’s limit.',
  access: { anyOf: ['usage.write'] },
  audit: 'feature_counts.reported',
  idempotency: 'none',
  rate: 'write',
  params: z.strictObject({ id: ApiAccountId, product: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/) }),
  body: z.strictObject({
    counts: z
      .record(z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/), z.int().min(0))
      .refine((counts) => Object.keys(counts).length <= 100, { error: 'must name at most 100 features' }),
  }),
  answer: z.strictObject({ accountId: ApiAccountId, productKey: z.string(), asOf: Instant }),
});
