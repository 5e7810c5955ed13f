import { cycleOf, type Fraction, fractionLeft, type Interval, type Money, multiplyRatio } from '@quittance/money';

import { wholeCyclesOf } from './period.ts';
import { DAY_MS, daysOfCycle } from './price-per-day.ts';
import { type Period, type Subscription } from './subscription.ts';

export interface MeasureFacts {
  readonly at: Date;
  /** Of the plan version that was bought. */
  readonly basis: 'fixed30' | 'actual';
}

/** Of a subscription that has a period. */
export type Measured = Pick<Subscription, 'interval' | 'periodCountedFrom'> & { readonly period: Period };

/** How much of the period is still to come, from 1 (not begun) to 0 (over). */
export const partLeft = (measured: Measured, { at, basis }: MeasureFacts): Fraction => {
  const period = unstretched(measured);
  const cycle = ownCycle(period, measured.interval);
  return fractionLeft({ period, at: earlier(at, stoodMs(measured)), basis, cycle });
};

/** How many cycles of the price are still to come: a whole period is one, unless it is longer or shorter than that. */
export const cyclesLeft = (measured: Measured, facts: MeasureFacts): Fraction =>
  times(partLeft(measured, facts), cyclesOf(unstretched(measured), measured.interval));

/** Days still to come: whole begun days of 30 by `fixed30`, to the millisecond by `actual`. */
export const daysLeft = (measured: Measured, facts: MeasureFacts): Fraction => {
  if (facts.basis === 'fixed30') {
    return times(cyclesLeft(measured, facts), { numerator: daysOfCycle(measured.interval), denominator: 1n });
  }
  return times(partLeft(measured, facts), { numerator: lengthMs(unstretched(measured)), denominator: DAY_MS });
};

/** A price of one cycle, for the whole period. */
export const overWhole = (price: Money, measured: Measured): Money => {
  const { numerator, denominator } = cyclesOf(unstretched(measured), measured.interval);
  return multiplyRatio(price, numerator, denominator);
};

/** What was paid for the whole period, for one cycle of it. */
export const overOneCycle = (paid: Money, measured: Measured): Money => {
  const { numerator, denominator } = cyclesOf(unstretched(measured), measured.interval);
  return multiplyRatio(paid, denominator, numerator);
};

/** As it was when it began: what stood still is none of the time that its price is for. */
const unstretched = (measured: Measured): Period => {
  const { start, end } = measured.period;
  return { start, end: earlier(end, stoodMs(measured)) };
};

const stoodMs = ({ period, periodCountedFrom: from }: Measured): number =>
  from !== null && from > period.start && from < period.end ? from.getTime() - period.start.getTime() : 0;

const earlier = (at: Date, byMs: number): Date => new Date(at.getTime() - byMs);

/** A period that is no whole number of cycles (a rest that was converted, days agreed elsewhere) is priced by the day. */
const cyclesOf = (period: Period, interval: Interval): Fraction => {
  const whole = wholeCyclesOf(period, interval);
  return whole === null
    ? { numerator: lengthMs(period), denominator: daysOfCycle(interval) * DAY_MS }
    : { numerator: BigInt(whole), denominator: 1n };
};

/** What the days of the period are counted by: so many of its cycles, or all of its days. */
const ownCycle = (period: Period, interval: Interval) => {
  const whole = wholeCyclesOf(period, interval);
  const { unit, count } = cycleOf(interval);
  return whole === null
    ? { unit: 'day' as const, count: Math.ceil(Number(lengthMs(period)) / Number(DAY_MS)) }
    : { unit, count: count * whole };
};

const lengthMs = ({ start, end }: Period): bigint => BigInt(end.getTime() - start.getTime());

const times = (left: Fraction, right: Fraction): Fraction => ({
  numerator: left.numerator * right.numerator,
  denominator: left.denominator * right.denominator,
});
