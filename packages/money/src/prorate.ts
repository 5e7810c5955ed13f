import { type Money, multiplyRatio, subtract } from './money.ts';
import { type Cycle, type Period, zoned } from './periods.ts';

/** How the unused part of a period is measured. */
export interface ProrationFacts {
  readonly period: Period;
  readonly at: Date;
  /** The cycle the price is for; `fixed30` counts its months as 30 days and its years as 360. */
  readonly cycle: Cycle;
  /** `fixed30`: whole local days, a begun day counts as left. `actual`: milliseconds of the real period. */
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
 */
export const prorate = (change: ProrationFacts & { readonly fromPrice: Money; readonly toPrice: Money }): Money => {
  const left = fractionLeft(change);
  return multiplyRatio(subtract(change.toPrice, change.fromPrice), left.numerator, left.denominator);
};

/** How much of the period is still to come, from 1 (not begun) to 0 (over). */
export const fractionLeft = (facts: ProrationFacts): Fraction => {
  if (facts.at.getTime() <= facts.period.start.getTime()) return { numerator: 1n, denominator: 1n };
  if (facts.at.getTime() >= facts.period.end.getTime()) return { numerator: 0n, denominator: 1n };
  return facts.basis === 'actual' ? actual(facts) : fixed30(facts);
};

const actual = ({ period, at }: ProrationFacts): Fraction => ({
  numerator: BigInt(period.end.getTime() - at.getTime()),
  denominator: BigInt(period.end.getTime() - period.start.getTime()),
});

/** Counted from the start, so that every month begins with 30 of 30 days and the 31st day of one is free. */
const fixed30 = ({ period, at, cycle, timeZone = 'UTC' }: ProrationFacts): Fraction => {
  const daysTotal = DAYS[cycle.unit] * cycle.count;
  const daysGone = zoned(period.start, timeZone).until(zoned(at, timeZone), { largestUnit: 'day' }).days;
  return { numerator: BigInt(Math.max(0, daysTotal - daysGone)), denominator: BigInt(daysTotal) };
};

const DAYS = { day: 1, week: 7, month: 30, year: 360 } as const;
