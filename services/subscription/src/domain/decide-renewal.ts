import { type AuditEntry, must } from '@quittance/kernel';
import { type Money, toDecimal } from '@quittance/money';

import { couponAfter, couponEndedEntries, type CouponFate, renewalCouponOf, soldAs } from './coupon-fate.ts';
import { discountOf, type SubscriptionCoupon } from './coupon.ts';
import { type SubscriptionMessage } from './messages.ts';
import { periodAfter } from './period.ts';
import { type Period, type Subscription } from './subscription.ts';

export interface RenewalDecision {
  readonly subscription: Subscription;
  readonly coupon: CouponFate;
  /** Ties together everything this renewal causes. */
  readonly correlationId: string;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
}

/** One renewal of one period, whoever asks for it and how often: the command for its invoice is named after it. */
export const renewalIdOf = (subscription: Pick<Subscription, 'id'>, periodStart: Date): string =>
  `${subscription.id}:${periodStart.toISOString()}`;

/** The period that is paid for next, counted from the anchor. */
export const nextPeriodOf = ({ id, period, anchorAt, interval }: Subscription): Period =>
  periodAfter(must(period, `period of ${id}`), must(anchorAt, `anchor of ${id}`), interval);

/**
 * Its period is over: the next one is invoiced and collected without the customer. Nothing else changes yet, because
 * only a paid invoice changes what somebody has; until then the days of grace after the period run.
 */
export const decideRenewal = (
  subscription: Subscription,
  moment: { readonly now: Date; readonly version: number; readonly coupon: SubscriptionCoupon | null },
): RenewalDecision => {
  const period = nextPeriodOf(subscription);
  const renewalId = renewalIdOf(subscription, period.start);
  const { price } = subscription;
  // A coupon taken before its limits were kept with it may have outlived them.
  const coupon = couponAfter(moment.coupon, { before: soldAs(subscription), after: soldAs(subscription) });
  const renewalCoupon = renewalCouponOf(coupon);
  return {
    coupon,
    subscription: {
      ...subscription,
      renewalCoupon,
      renewingFrom: period.start,
      due: null,
      version: moment.version,
      updatedAt: moment.now,
    },
    correlationId: renewalId,
    messages: [{ type: 'open_renewal_invoice', renewalId, subscription, period, coupon: offOf(coupon.after, price) }],
    audit: [
      {
        action: 'subscription.renewal_begun',
        subject: { type: 'subscription', id: subscription.id },
        accountId: subscription.accountId,
        after: {
          periodStart: period.start.toISOString(),
          periodEnd: period.end.toISOString(),
          price: `${toDecimal(price)} ${price.currency}`,
        },
      },
      ...couponEndedEntries(coupon, subscription),
    ],
  };
};

/** What the coupon takes off this period. That a cycle of it is used up is counted when the period is paid. */
const offOf = (coupon: SubscriptionCoupon | null, price: Money) =>
  coupon && { code: coupon.code, discount: discountOf(coupon.discount, price) };
