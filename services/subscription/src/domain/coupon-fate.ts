import { type AuditEntry, type Id } from '@quittance/kernel';

import { type SubscriptionCoupon, toRenewalCoupon } from './coupon.ts';
import { type Subscription } from './subscription.ts';

export const COUPON_ENDS = ['plan_not_covered', 'currency_not_covered', 'interval_changed'] as const;
export type CouponEnd = (typeof COUPON_ENDS)[number];

/** What becomes of a subscription’s coupon. `before` null: it has none. */
export interface CouponFate {
  readonly before: SubscriptionCoupon | null;
  readonly after: SubscriptionCoupon | null;
  /** Why it ends; null where it goes on, or there is none. */
  readonly ended: CouponEnd | null;
}

interface Sold {
  readonly planId: Id<'pln'>;
  readonly interval: Subscription['interval'];
  readonly currency: string;
}

/**
 * A coupon never outlives its own limits: it ends with the plan it is for. Cycles were given in periods of the interval
 * that was bought, so what is left of them ends with it: two months are neither two years nor, the other way round,
 * sixty days. For ever is for ever, at any interval.
 */
export const couponAfter = (coupon: SubscriptionCoupon | null, before: Sold, after: Sold): CouponFate => {
  const ended = coupon && whyEnded(coupon, before, after);
  return { before: coupon, after: ended === null ? coupon : null, ended };
};

const whyEnded = (coupon: SubscriptionCoupon, before: Sold, after: Sold): CouponEnd | null => {
  if (coupon.planIds.length > 0 && !coupon.planIds.includes(after.planId)) return 'plan_not_covered';
  const { discount, cyclesLeft } = coupon;
  if (discount.kind === 'fixed' && discount.amount.currency !== after.currency) return 'currency_not_covered';
  return cyclesLeft !== null && after.interval !== before.interval ? 'interval_changed' : null;
};

/** A subscription as it is billed. */
export const soldAs = ({ planId, interval, price }: Pick<Subscription, 'planId' | 'interval' | 'price'>): Sold => ({
  planId,
  interval,
  currency: price.currency,
});

export const couponEndedEntries = (
  { before, ended }: CouponFate,
  { accountId }: Pick<Subscription, 'accountId'>,
): readonly AuditEntry[] =>
  before === null || ended === null
    ? []
    : [
        {
          action: 'subscription.coupon_ended',
          subject: { type: 'subscription', id: before.subscriptionId },
          accountId,
          reason: REASONS[ended],
          before: { code: before.code, cyclesLeft: before.cyclesLeft },
          after: { code: before.code, ended },
        },
      ];

const REASONS = {
  plan_not_covered: 'The coupon is not for the plan that the subscription is on now.',
  currency_not_covered: 'The coupon takes off an amount in another currency.',
  interval_changed: 'Its cycles were given for periods of another length.',
} as const satisfies Record<CouponEnd, string>;

export const renewalCouponOf = ({ after }: CouponFate) => toRenewalCoupon(after);
