import { assert, assertNever } from '@quittance/kernel';

import { type Money, multiplyRatio, subtract } from './money.ts';
import { assertCycle, assertInstant, type Cycle, type Period, zoned } from './periods.ts';

/** How the unused part of a period is measured. */
export interface ProrationFacts {
  readonly period: Period;
  readonly at: Date;
  /** The cycle the price is for; `fixed30` counts its months as 30 days and its years as 360, or as fewer if they are. */
  readonly cycle: Cycle;
  /** `fixed30`: local days still to come, a begun one counts. `actual`: milliseconds of the real period. */
  readonly basis: 'fixed30' | 'actual';
  /** IANA name for `fixed30`; UTC unless told. */
  readonly timeZone?: string;
}

/** A part of a whole, exact. 0 ≤ numerator ≤ denominator. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * What changing price for the rest of a period costs: fraction left × (to − from), rounded once, half away from zero.
 * Negative when the new price is lower, so that a change and its way back at one instant sum to zero.
 * @throws AssertionFailed for two currencies, and as `fractionLeft`.
 */
export const prorate = (change: ProrationFacts & { readonly fromPrice: Money; readonly toPrice: Money }): Money => {
  const left = fractionLeft(change);
  return multiplyRatio(subtract(change.toPrice, change.fromPrice), left.numerator, left.denominator);
};

/**
 * How much of the period is still to come, from 1 (not begun) to 0 (over).
 * @throws AssertionFailed for a period that ends before it begins, and what is no date, cycle or basis.
 */
export const fractionLeft = (facts: ProrationFacts): Fraction => {
  assertMeasurable(facts);
  if (facts.at.getTime() <= facts.period.start.getTime()) return { numerator: 1n, denominator: 1n };
  if (facts.at.getTime() >= facts.period.end.getTime()) return { numerator: 0n, denominator: 1n };
  switch (facts.basis) {
    case 'actual':
      return actual(facts);
    case 'fixed30':
      return fixed30(facts);
    default:
      return assertNever(facts.basis);
  }
};

const assertMeasurable = ({ period: { start, end }, at, cycle }: ProrationFacts): void => {
  assertInstant(start, 'the start');
  assertInstant(end, 'the end');
  assertInstant(at, '`at`');
  assertCycle(cycle);
  assert(start <= end, `a period that ends (${end.toISOString()}) before it begins (${start.toISOString()})`);
};

const actual = ({ period, at }: ProrationFacts): Fraction => ({
  numerator: BigInt(period.end.getTime() - at.getTime()),
  denominator: BigInt(period.end.getTime() - period.start.getTime()),
});

/**
 * Days left ÷ 30 a month, never more than all of it: counted from the end, so that the last day of any month is worth a
 * day and what is over the thirty is free at the beginning. A period that is shorter, a February or a stub, is a whole
 * of its own days: otherwise its last day would be worth three, and then nothing.
 */
const fixed30 = ({ period, at, cycle, timeZone = 'UTC' }: ProrationFacts): Fraction => {
  const days = (from: Date): number =>
    zoned(from, timeZone).until(zoned(period.end, timeZone), {
      largestUnit: 'day',
      smallestUnit: 'day',
      roundingMode: 'ceil',
    }).days;
  const whole = Math.min(DAYS[cycle.unit] * cycle.count, days(period.start));
  return { numerator: BigInt(Math.min(whole, days(at))), denominator: BigInt(whole) };
};

const DAYS = { day: 1, week: 7, month: 30, year: 360 } as const;
