import { assertNever } from '@quittance/kernel';
import { add, type Money, money } from '@quittance/money';

import { beginPeriod, settled } from './begin-period.ts';
import { type ChangeTarget } from './change.ts';
import { type RenewalCoupon } from './coupon.ts';
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

/** The subscription as the change leaves it. The same function makes the “afterwards” of a preview. */
export const applyTarget = (before: Subscription, target: ChangeTarget, applied: Applied): Subscription => {
  const { effect } = target;
  const moved: Subscription = {
    ...before,
    status: transition(before.status, before.status === 'trialing' ? 'activate' : 'change'),
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
        periodPaid: add(before.periodPaid, applied.charge),
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
        anchorAt: effect.at,
        cancelAtPeriodEnd: false,
      });
    default:
      return assertNever(effect);
  }
};
