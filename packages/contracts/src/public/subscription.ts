import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { SubscriptionStatus } from '../messages/shared.ts';
import { ApiAccountId, ApiMoney, idOf, Instant, Interval, pageOf, pageQuery, plainText } from '../shapes.ts';

export const ApiSubscriptionItem = z.strictObject({
  /** Unique within the subscription. */
  key: z.string(),
  /** Null for what was agreed by hand. */
  planId: idOf('pln').nullable(),
  name: z.string(),
  quantity: z.int().positive(),
  unitPrice: ApiMoney,
});

export const ApiSubscription = z
  .strictObject({
    id: idOf('sub'),
    accountId: ApiAccountId,
    productKey: z.string(),
    planId: idOf('pln'),
    /** The version that was bought; it stays until the subscription is moved. */
    planVersionId: idOf('plv'),
    planKey: z.string(),
    planName: z.string(),
    status: SubscriptionStatus,
    interval: Interval,
    /** What is paid for in every period, the plan first. */
    items: z.array(ApiSubscriptionItem),
    /** Of one period: the sum of the items. */
    price: ApiMoney,
    currentPeriod: z.strictObject({ start: Instant, end: Instant.nullable() }).nullable(),
    /**
     * The next charge with tax, as the last invoice was, also after a scheduled change; null where none will come. What
     * is carried comes on top.
     */
    nextCharge: z.strictObject({ at: Instant, amount: ApiMoney }).nullable(),
    accessUntil: Instant.nullable(),
    /** Null where there never was a trial. */
    trialEnd: Instant.nullable(),
    /** The free plan whose place a trial took: it is there again when the trial ends unpaid. Null for all others. */
    fallsBackTo: idOf('sub').nullable(),
    /** It ends with its period, unless that is undone. */
    cancelAtPeriodEnd: z.boolean(),
    cancelledAt: Instant.nullable(),
    /** `resumesAt` null: until somebody resumes it. */
    pause: z.strictObject({ since: Instant, resumesAt: Instant.nullable() }).nullable(),
    /** `stripe`: a subscription of a former platform version that Stripe renews itself. */
    renewalOwner: z.enum(['platform', 'stripe']),
    version: z.int(),
    createdAt: Instant,
  })
  .meta({ id: 'Subscription' });

export const ListSubscriptions = httpContract({
  name: 'ListSubscriptions',
  service: 'subscription',
  method: 'GET',
  path: '/v1/subscriptions',
  summary: 'Subscriptions, newest first: one’s own, or everybody’s for operators.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...pageQuery,
    /** Operators may filter; for a customer it must be the own account. */
    account: ApiAccountId.optional(),
    status: SubscriptionStatus.optional(),
    /** Key of the product. */
    product: plainText(64).optional(),
    /** On any version of this plan. */
    plan: idOf('pln').optional(),
    planVersion: idOf('plv').optional(),
  }),
  answer: pageOf(ApiSubscription),
});

export const GetSubscription = httpContract({
  name: 'GetSubscription',
  service: 'subscription',
  method: 'GET',
  path: '/v1/subscriptions/:id',
  summary: 'One subscription.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: idOf('sub') }),
  answer: ApiSubscription,
});
