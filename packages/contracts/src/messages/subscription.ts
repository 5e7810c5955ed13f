import { z } from 'zod';

import { event } from '../message.ts';
import { ApiAccountId, idOf, Instant } from '../shapes.ts';
import { MessageEntitlement, SubscriptionStatus } from './shared.ts';

/** One account's entitlements for one product. The message's `version` is the document's revision. */
export const EntitlementsChanged = event({
  type: 'entitlements.changed.v1',
  summary: 'What an account may use of a product, and until when.',
  producer: 'subscription',
  consumers: ['gateway'],
  data: z.strictObject({
    accountId: ApiAccountId,
    productId: idOf('prd'),
    productKey: z.string(),
    subscriptionId: idOf('sub'),
    planId: idOf('pln'),
    planKey: z.string(),
    status: SubscriptionStatus,
    /** Access ends here whatever happens; null never ends (Free). Renewing: period end + 3 days. */
    accessUntil: Instant.nullable(),
    entitlements: z.array(MessageEntitlement),
  }),
});

/** Every 10 s of wall time: a projection that has not been beaten for 60 s is stale. */
export const SubscriptionBeat = event({
  type: 'subscription.beat.v1',
  summary: 'Subscription is alive and its outbox was drained up to this moment.',
  producer: 'subscription',
  consumers: ['gateway'],
  data: z.strictObject({ beatAt: Instant }),
});
