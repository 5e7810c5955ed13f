import { type AccountId, type Id } from '@quittance/kernel';

import { type Entitlement } from './plan.ts';
import { type SubscriptionStatus } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

/** What the gateway answers entitlement checks from: one per account and product. */
export interface EntitlementDocument {
  readonly accountId: AccountId;
  readonly productId: Id<'prd'>;
  readonly productKey: string;
  readonly subscriptionId: Id<'sub'>;
  readonly planId: Id<'pln'>;
  readonly planKey: string;
  readonly status: SubscriptionStatus;
  readonly accessUntil: Date | null;
  readonly entitlements: readonly Entitlement[];
  readonly revision: number;
}

export const documentOf = (subscription: Subscription, entitlements: readonly Entitlement[]): EntitlementDocument => ({
  accountId: subscription.accountId,
  productId: subscription.productId,
  productKey: subscription.productKey,
  subscriptionId: subscription.id,
  planId: subscription.planId,
  planKey: subscription.planKey,
  status: subscription.status,
  accessUntil: subscription.accessUntil,
  entitlements,
  revision: subscription.version,
});
