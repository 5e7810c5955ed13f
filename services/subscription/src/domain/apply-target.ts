import { assertNever } from '@quittance/kernel';
import { add, isZero, type Money, money, subtract } from '@quittance/money';

import { beginPeriod, settled } from './begin-period.ts';
import { type ChangeTarget, type PeriodEffect, type PlannedChange } from './change.ts';
import { renewalCouponOf } from './coupon-fate.ts';
import { type RenewalCoupon } from './coupon.ts';
import { overWhole } from './period-measure.ts';
import { transition } from './subscription-status.ts';
import { priceOfItems, type Subscription } from './subscription.ts';

export interface Applied {
  /** Paid for the change, as prices are stated. */
  readonly charge: Money;
  /** Of the invoice; null where there was none. */
  readonly taxRatePpm: number | null;
  /** What is left of its coupon afterwards. */
  readonly renewalCoupon: RenewalCoupon | null;
  readonly now: Date;
  readonly version: number;
}

/** The subscription as the change leaves it. */
export const applyTarget = (before: Subscription, target: ChangeTarget, applied: Applied): Subscription => {
  const { effect } = target;
  const moved: Subscription = {
    ...before,
    status: transition(before.status, triggerOf(before, effect)),
    planId: target.planId,
    planVersionId: target.planVersionId,
    planKey: target.planKey,
    planName: target.planName,
    interval: target.interval,
    items: target.items,
    price: priceOfItems(target.items, before.price.currency),
    taxRatePpm: applied.taxRatePpm ?? before.taxRatePpm,
    renewalCoupon: applied.renewalCoupon,
    version: applied.version,
    updatedAt: applied.now,
  };
  switch (effect.kind) {
    case 'keep':
      return settled({
        ...moved,
        anchorAt: effect.anchorAt ?? before.anchorAt,
        periodPaid: paidThroughout(before, moved.price, applied.charge),
      });
    case 'begin':
      return beginPeriod(
        { ...moved, anchorAt: effect.anchorAt },
        { period: effect.period, kind: effect.periodKind, paid: effect.paid, taxRatePpm: applied.taxRatePpm },
      );
    case 'end':
      return settled({
        ...moved,
        period: null,
        periodKind: 'paid',
        periodPaid: money(0n, before.price.currency),
        periodCountedFrom: null,
        anchorAt: effect.at,
        cancelAtPeriodEnd: false,
      });
    default:
      return assertNever(effect);
  }
};

/** The difference was paid for the rest alone: it counts for the whole, of which the rest is still to come. */
const paidThroughout = (before: Subscription, price: Money, charge: Money): Money => {
  const { period, periodPaid } = before;
  if (period === null || isZero(charge)) return periodPaid;
  return add(periodPaid, overWhole(subtract(price, before.price), { ...before, period }));
};

/** What a change promises: the subscription as it will be when the change has taken effect. */
export const afterwards = (
  before: Subscription,
  planned: Pick<PlannedChange, 'charge' | 'effectiveAt' | 'target' | 'coupon'>,
): Subscription =>
  applyTarget(before, planned.target, {
    charge: planned.charge,
    taxRatePpm: null,
    renewalCoupon: renewalCouponOf(planned.coupon),
    now: planned.effectiveAt,
    version: before.version,
  });

/** A trial whose period goes on stays a trial; with a period of its own it is paid for, or costs nothing. */
const triggerOf = ({ status }: Subscription, effect: PeriodEffect): 'activate' | 'change' =>
  status === 'trialing' && effect.kind !== 'keep' ? 'activate' : 'change';
