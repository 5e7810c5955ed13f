import { type Money, money, multiplyRatio } from '@quittance/money';

import { type MeasureFacts, partLeft } from './period-measure.ts';
import { type Subscription } from './subscription.ts';

/** What is left of what was really paid for the running period: a discount is not given back as money. */
export const unusedPart = (subscription: Subscription, facts: MeasureFacts): Money => {
  const { period } = subscription;
  if (period === null) return money(0n, subscription.price.currency);
  const left = partLeft({ ...subscription, period }, facts);
  return multiplyRatio(reallyPaid(subscription), left.numerator, left.denominator);
};

/** Nothing for a period that was given. */
export const reallyPaid = ({ price, periodPaid, periodKind }: Subscription): Money =>
  periodKind === 'paid' ? periodPaid : money(0n, price.currency);
