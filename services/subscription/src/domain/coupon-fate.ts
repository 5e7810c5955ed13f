import { type AuditEntry, type Id } from '@quittance/kernel';

import {
  afterCycle,
  afterFirstCycle,
  type NewCoupon,
  type RenewalCoupon,
  type SubscriptionCoupon,
  toRenewalCoupon,
} from './coupon.ts';
import { type Subscription } from './subscription.ts';

/** Of its own limits; `replaced`: a new one takes its place. */
export type CouponEnd = 'plan_not_covered' | 'currency_not_covered' | 'interval_changed' | 'replaced';

/** What becomes of a subscription’s coupon. `before` null: it has none. */
export interface CouponFate {
  readonly before: SubscriptionCoupon | null;
  readonly after: SubscriptionCoupon | null;
  /** Why it ends; null where it goes on, was used up, or there is none. */
  readonly ended: CouponEnd | null;
  /** What takes something off the whole period that is billed now; null where none is, or nothing does. */
  readonly off: RenewalCoupon | null;
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
export const couponAfter = (
  coupon: SubscriptionCoupon | null,
  { before, after }: { readonly before: Sold; readonly after: Sold },
  bills: 'whole_period' | 'no_period' = 'no_period',
): CouponFate => {
  const ended = coupon && whyEnded(coupon, before, after);
  if (coupon === null || ended !== null) return { before: coupon, after: null, ended, off: null };
  if (bills === 'no_period') return { before: coupon, after: coupon, ended: null, off: null };
  return { before: coupon, after: afterCycle(coupon), ended: null, off: toRenewalCoupon(coupon) };
};

/** A new coupon takes the place of the one there is, and its first cycle is the period that is billed now. */
export const couponBrought = (
  brought: NewCoupon,
  { id, coupon }: { readonly id: Id<'sub'>; readonly coupon: SubscriptionCoupon | null },
): CouponFate => ({
  before: coupon,
  after: afterFirstCycle(brought, id),
  ended: coupon && 'replaced',
  off: { code: brought.code, discount: brought.terms.discount },
});

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
  replaced: 'Another coupon took its place.',
  interval_changed: 'Its cycles were given for periods of another length.',
} as const satisfies Record<CouponEnd, string>;

export const renewalCouponOf = ({ after }: CouponFate) => toRenewalCoupon(after);
