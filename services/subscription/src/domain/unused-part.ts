import { cycleOf, fractionLeft, type Money, money, multiplyRatio } from '@quittance/money';

import { type Subscription } from './subscription.ts';

export interface UnusedFacts {
  readonly at: Date;
  readonly basis: 'fixed30' | 'actual';
}

/** What is left of what was really paid for the running period: a discount is not given back as money. */
export const unusedPart = (subscription: Subscription, { at, basis }: UnusedFacts): Money => {
  const { period } = subscription;
  if (period === null) return money(0n, subscription.price.currency);
  const left = fractionLeft({ period, at, cycle: cycleOf(subscription.interval), basis });
  return multiplyRatio(reallyPaid(subscription), left.numerator, left.denominator);
};

/** Never more than the list price; nothing for a period that was given. */
export const reallyPaid = ({ price, periodPaid, periodKind }: Subscription): Money => {
  if (periodKind !== 'paid') return money(0n, price.currency);
  return periodPaid.amountMinor < price.amountMinor ? periodPaid : price;
};
