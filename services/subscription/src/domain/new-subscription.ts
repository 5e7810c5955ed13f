import { type AccountId, type Id } from '@quittance/kernel';
import { money } from '@quittance/money';

import { type Plan, planName, type PlanPrice } from './plan.ts';
import { priceOfItems, type Subscription, type SubscriptionItem } from './subscription.ts';

/** A price of the list, or one agreed elsewhere. */
type SoldPrice = Pick<PlanPrice, 'interval' | 'amount' | 'taxBehavior'>;

/** A plan as the first item of a subscription. */
export const itemOfPlan = (
  plan: Plan,
  price: SoldPrice,
  sold: { readonly quantity: number; readonly language: string | null },
): SubscriptionItem => ({
  key: plan.key,
  planId: plan.planId,
  planVersionId: plan.planVersionId,
  name: planName(plan, sold.language),
  quantity: sold.quantity,
  unitPrice: price.amount,
  taxBehavior: price.taxBehavior,
});

export interface Buyer {
  readonly id: Id<'sub'>;
  readonly accountId: AccountId;
  readonly quantity: number;
  readonly language: string | null;
  readonly country: string | null;
  readonly now: Date;
  readonly version: number;
}

/** A draft: nobody has it yet, and nothing falls due. */
export const newSubscription = (plan: Plan, price: SoldPrice, buyer: Buyer): Subscription => {
  const item = itemOfPlan(plan, price, buyer);
  return {
    id: buyer.id,
    accountId: buyer.accountId,
    productId: plan.productId,
    productKey: plan.productKey,
    planId: plan.planId,
    planVersionId: plan.planVersionId,
    planKey: plan.key,
    planName: item.name,
    language: buyer.language,
    country: buyer.country,
    status: 'draft',
    interval: price.interval,
    items: [item],
    price: priceOfItems([item], price.amount.currency),
    renewalTotal: null,
    renewalPrice: null,
    renewalCoupon: null,
    changeChargesAt: null,
    anchorAt: null,
    period: null,
    periodKind: 'paid',
    periodPaid: money(0n, price.amount.currency),
    periodCountedFrom: null,
    taxRatePpm: null,
    accessUntil: null,
    trialEnd: null,
    replaces: null,
    cancelAtPeriodEnd: false,
    cancelledAt: null,
    pause: null,
    suspendedBy: null,
    suspendedAt: null,
    renewalOwner: 'platform',
    renewingFrom: null,
    due: null,
    version: buyer.version,
    createdAt: buyer.now,
    updatedAt: buyer.now,
  };
};
