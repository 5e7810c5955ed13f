import { type Fraction, isZero, type Money, money } from '@quittance/money';

import { convertedDays, floorOf, type Priced } from './price-per-day.ts';

export const BONUS_DAYS_MAX = 20;

export interface BonusFacts {
  readonly daysLeft: Fraction;
  readonly from: Priced;
  readonly to: Priced;
  /** Really paid for the running period: what was given away earns no bonus. */
  readonly paid: Money;
  readonly upgradedInPeriod: boolean;
  /** One was granted for this product to this account in the last 365 days. */
  readonly grantedWithinYear: boolean;
}

export interface Bonus {
  readonly days: number;
  /** Why there is none. */
  readonly note: string | null;
}

/** DESIGN § 8: min(floor(days left × old ÷ new × 2), 20); the guards keep it from paying people to go up and down. */
export const decideBonus = (facts: BonusFacts): Bonus => {
  const { from, to, paid, daysLeft } = facts;
  if (isZero(to.price)) return none('The new plan costs nothing.');
  if (facts.upgradedInPeriod) return none('The plan was upgraded in this period.');
  if (facts.grantedWithinYear) return none('A bonus was granted within the last 365 days.');
  const counted = paid.amountMinor < from.price.amountMinor ? paid.amountMinor : from.price.amountMinor;
  if (counted === 0n) return none('Nothing was paid for this period.');
  const converted = convertedDays(daysLeft, { ...from, price: money(counted, paid.currency) }, to);
  const doubled = converted === null ? 0n : floorOf({ ...converted, numerator: converted.numerator * 2n });
  return { days: Number(doubled > BONUS_DAYS_MAX ? BigInt(BONUS_DAYS_MAX) : doubled), note: null };
};

const none = (note: string): Bonus => ({ days: 0, note });
