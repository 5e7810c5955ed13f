import { cycleOf, type Fraction, fractionLeft, type Interval, type Money } from '@quittance/money';

import { type Period } from './subscription.ts';

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

const DAY_MS = 86_400_000n;

/** Days of the period still to come: whole begun days of 30 by `fixed30`, to the millisecond by `actual`. */
export const daysLeftOf = (facts: {
  readonly period: Period;
  readonly at: Date;
  readonly interval: Interval;
  readonly basis: 'fixed30' | 'actual';
}): Fraction => {
  const left = fractionLeft({ ...facts, cycle: cycleOf(facts.interval) });
  if (facts.basis === 'fixed30') {
    return { numerator: left.numerator * daysOfCycle(facts.interval), denominator: left.denominator };
  }
  const wholeMs = BigInt(facts.period.end.getTime() - facts.period.start.getTime());
  return { numerator: left.numerator * wholeMs, denominator: left.denominator * DAY_MS };
};

export const floorOf = ({ numerator, denominator }: Fraction): bigint => numerator / denominator;

export const daysToMs = ({ numerator, denominator }: Fraction): number => Number((numerator * DAY_MS) / denominator);
