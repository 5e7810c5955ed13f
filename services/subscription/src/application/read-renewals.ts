import { type Clock } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { nextPeriodOf } from '../domain/decide-renewal.ts';
import { type Period, type Subscription } from '../domain/subscription.ts';
import { type DueSubscriptions, type PageRequest } from './ports.ts';

export interface UpcomingRenewal {
  readonly subscription: Subscription;
  readonly dueAt: Date;
  readonly nextPeriod: Period;
  /** With tax as the last invoice had it; without, before there was one. */
  readonly amount: Money;
}

export interface UpcomingRenewals {
  readonly items: readonly UpcomingRenewal[];
  readonly nextCursor: string | null;
  /** Of the whole window, by currency. */
  readonly totals: readonly { readonly count: number; readonly amount: Money }[];
  readonly until: Date;
}

export type ReadRenewals = (windowDays: number, page: PageRequest) => Promise<UpcomingRenewals>;

const DAY_MS = 24 * 60 * 60 * 1000;

/** What will be charged in the days to come, and what is due and not begun yet; soonest first. */
export const makeReadRenewals =
  ({ due, clock }: { readonly due: DueSubscriptions; readonly clock: Clock }): ReadRenewals =>
  async (windowDays, page) => {
    const until = new Date(clock.now().getTime() + windowDays * DAY_MS);
    const [{ items, nextCursor }, totals] = await Promise.all([due.listRenewals(until, page), due.sumRenewals(until)]);
    return { items: items.map(upcoming), nextCursor, totals, until };
  };

const upcoming = (subscription: Subscription): UpcomingRenewal => {
  const nextPeriod = nextPeriodOf(subscription);
  const amount = subscription.renewalTotal ?? subscription.price;
  return { subscription, dueAt: subscription.due?.at ?? nextPeriod.start, nextPeriod, amount };
};
