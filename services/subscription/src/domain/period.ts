import { must } from '@quittance/kernel';
import { periodsFrom } from '@quittance/money';

import { type Interval } from './plan.ts';
import { type Period } from './subscription.ts';

/** Billing days are days of UTC: the one zone in which every account's month ends at the same instant. */
const BILLING_TIME_ZONE = 'UTC';

/** The first period of a subscription that begins at `start`: 31 January buys until 28 February. */
export const firstPeriod = (start: Date, interval: Interval): Period =>
  must(
    periodsFrom(start, { unit: interval, count: 1 }, { timeZone: BILLING_TIME_ZONE, count: 1 })[0],
    'a first period',
  );
