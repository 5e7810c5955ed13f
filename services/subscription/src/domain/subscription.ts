import { type AccountId, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type Entitlement, type Interval } from './plan.ts';
import { type SubscriptionStatus } from './subscription-status.ts';

export interface Period {
  readonly start: Date;
  readonly end: Date;
}

export interface Subscription {
  readonly id: Id<'sub'>;
  readonly accountId: AccountId;
  readonly productId: Id<'prd'>;
  readonly productKey: string;
  readonly planId: Id<'pln'>;
  readonly planVersionId: Id<'plv'>;
  readonly planKey: string;
  /** As shown to the buyer, in the language of the checkout. */
  readonly planName: string;
  readonly status: SubscriptionStatus;
  readonly interval: Interval;
  /** Of one period, as the plan says it: with or without tax. */
  readonly price: Money;
  /** What the next period will cost with tax, as the last invoice did; null where nothing renews. */
  readonly renewalTotal: Money | null;
  /** Where every later period is counted from; null while a draft. */
  readonly anchorAt: Date | null;
  /** Null while a draft, and for a plan without a price: nothing renews. */
  readonly period: Period | null;
  /** Null never ends. */
  readonly accessUntil: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

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

/** DESIGN § 7: a renewing subscription keeps access for three days after its period, while the renewal is collected. */
const RENEWAL_GRACE_MS = 3 * 24 * 60 * 60 * 1000;

export const renewingAccessUntil = (period: Period): Date => new Date(period.end.getTime() + RENEWAL_GRACE_MS);

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
