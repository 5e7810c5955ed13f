import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { SubscriptionStatus } from '../messages/shared.ts';
import { ApiAccountId, ApiMoney, idOf, Instant, Interval, pageOf, pageById, plainText } from '../shapes.ts';

export const ApiSubscriptionItem = z.strictObject({
  key: z.string().describe('Unique within the subscription.'),
  planId: idOf('pln').nullable().describe('Null for what was agreed by hand.'),
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
    planVersionId: idOf('plv').describe('The version that was bought; it stays until the subscription is moved.'),
    planKey: z.string(),
    planName: z.string(),
    status: SubscriptionStatus,
    interval: Interval,
    items: z.array(ApiSubscriptionItem).describe('What is paid for in every period, the plan first.'),
    price: ApiMoney.describe('Of one period: the sum of the items.'),
    currentPeriod: z.strictObject({ start: Instant, end: Instant.nullable() }).nullable(),
    nextCharge: z
      .strictObject({
        at: Instant,
        amount: ApiMoney,
        withTax: z.boolean().describe('False: tax comes on top, and no invoice has told its rate yet.'),
      })
      .nullable()
      .describe(
        'The next charge as the last invoice was taxed, or before tax where there was none yet, also after a scheduled change; null where none will come. What is carried comes on top.',
      ),
    accessUntil: Instant.nullable(),
    trialEnd: Instant.nullable().describe('Null where there never was a trial.'),
    fallsBackTo: idOf('sub')
      .nullable()
      .describe(
        'The free plan whose place a trial took: it is there again when the trial ends unpaid. Null for all others.',
      ),
    cancelAtPeriodEnd: z.boolean().describe('It ends with its period, unless that is undone.'),
    cancelledAt: Instant.nullable(),
    pause: z
      .strictObject({ since: Instant, resumesAt: Instant.nullable() })
      .nullable()
      .describe('`resumesAt` null: until somebody resumes it.'),
    renewalOwner: z
      .enum(['platform', 'stripe'])
      .describe('`stripe`: a subscription of a former platform version that Stripe renews itself.'),
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
    ...pageById('sub'),
    account: ApiAccountId.optional().describe('Operators may filter; for a customer it must be the own account.'),
    status: SubscriptionStatus.optional(),
    product: plainText(64).optional().describe('Key of the product.'),
    plan: idOf('pln').optional().describe('On any version of this plan.'),
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
