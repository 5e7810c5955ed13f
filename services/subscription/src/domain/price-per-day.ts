import { cycleOf, type Fraction, type Interval, type Money } from '@quittance/money';

/** DESIGN § 8: ratios use price per day of the plan’s own cycle. A month counts 30 days and a year 360. */
const DAYS = { day: 1, week: 7, month: 30, year: 360 } as const;

export const daysOfCycle = (interval: Interval): bigint => {
  const { unit, count } = cycleOf(interval);
  return BigInt(DAYS[unit] * count);
};

export interface Priced {
  readonly price: Money;
  readonly interval: Interval;
}

/** Negative, zero or positive, as `left` costs less, the same or more per day than `right`. */
export const comparePerDay = (left: Priced, right: Priced): bigint =>
  left.price.amountMinor * daysOfCycle(right.interval) - right.price.amountMinor * daysOfCycle(left.interval);

/** How many days on `to` the rest of what was paid on `from` buys, exact; null when `to` costs nothing. */
export const convertedDays = (daysLeft: Fraction, from: Priced, to: Priced): Fraction | null => {
  if (to.price.amountMinor === 0n) return null;
  return {
    numerator: daysLeft.numerator * from.price.amountMinor * daysOfCycle(to.interval),
    denominator: daysLeft.denominator * to.price.amountMinor * daysOfCycle(from.interval),
  };
};

/** How many days that much money buys, exact. */
export const daysFor = (amount: Money, { price, interval }: Priced): Fraction => ({
  numerator: amount.amountMinor * daysOfCycle(interval),
  denominator: price.amountMinor,
});

export const DAY_MS = 86_400_000n;

export const floorOf = ({ numerator, denominator }: Fraction): bigint => numerator / denominator;

export const daysToMs = ({ numerator, denominator }: Fraction): number => Number((numerator * DAY_MS) / denominator);
