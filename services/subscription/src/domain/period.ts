import { must } from '@quittance/kernel';
import { cycleOf, periodContaining, periodsFrom, wholeCycles } from '@quittance/money';

import { type Interval } from './plan.ts';
import { type Period } from './subscription.ts';

/** Billing days are days of UTC: the one zone in which every account's month ends at the same instant. */
const BILLING_TIME_ZONE = 'UTC';

/** The first period of a subscription that begins at `start`: 31 January buys until 28 February. */
export const firstPeriod = (start: Date, interval: Interval): Period =>
  must(periodsFrom(start, cycleOf(interval), { timeZone: BILLING_TIME_ZONE, count: 1 })[0], 'a first period');

/** The period of an anchor that an instant falls in. */
export const periodAt = (at: Date, anchor: Date, interval: Interval): Period =>
  periodContaining(anchor, cycleOf(interval), { timeZone: BILLING_TIME_ZONE, at });

/** The period that begins where `period` ends, counted from the anchor: 28 February → 31 March after 31 January. */
export const periodAfter = (period: Period, anchor: Date, interval: Interval): Period => ({
  start: period.end,
  end: periodContaining(anchor, cycleOf(interval), { timeZone: BILLING_TIME_ZONE, at: period.end }).end,
});

/** How many cycles a period is; null where it is no whole number of them. */
export const wholeCyclesOf = (period: Period, interval: Interval): number | null =>
  wholeCycles(period, cycleOf(interval), BILLING_TIME_ZONE);
