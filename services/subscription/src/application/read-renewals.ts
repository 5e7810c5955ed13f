import { type AccountId, type Clock } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { applyTarget } from '../domain/apply-target.ts';
import { type SubscriptionChange } from '../domain/change.ts';
import { nextPeriodOf } from '../domain/decide-renewal.ts';
import { nextChargeOf, type Period, type Subscription } from '../domain/subscription.ts';
import { type Changes, type DueSubscriptions, type PageRequest } from './ports.ts';

export interface UpcomingRenewal {
  /** As it will be then. */
  readonly subscription: Subscription;
  readonly dueAt: Date;
  readonly nextPeriod: Period;
  /** With tax as the last invoice had it; without, before there was one: `withTax` says which. */
  readonly amount: Money;
  readonly withTax: boolean;
}

export interface UpcomingRenewals {
  readonly items: readonly UpcomingRenewal[];
  readonly nextCursor: string | null;
  /** Of the whole window, by currency. */
  readonly totals: readonly { readonly count: number; readonly amount: Money }[];
  readonly until: Date;
}

export interface RenewalsAsked {
  readonly days: number;
  /** Null is everybody's. */
  readonly accountId: AccountId | null;
}

export type ReadRenewals = (asked: RenewalsAsked, page: PageRequest) => Promise<UpcomingRenewals>;

interface Deps {
  readonly due: DueSubscriptions;
  readonly changes: Changes;
  readonly clock: Clock;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What will be charged in the days to come, and what is due and not begun yet; soonest first. */
export const makeReadRenewals =
  ({ due, changes, clock }: Deps): ReadRenewals =>
  async ({ days, accountId }, page) => {
    const window = { until: new Date(clock.now().getTime() + days * DAY_MS), accountId };
    const [{ items, nextCursor }, totals] = await Promise.all([
      due.listRenewals(window, page),
      due.sumRenewals(window),
    ]);
    const changing = items.filter((subscription) => subscription.due?.kind === 'change').map(({ id }) => id);
    const scheduled = changing.length === 0 ? NOTHING : await changes.findScheduledOf(changing);
    return {
      items: items.map((subscription) => upcoming(subscription, scheduled.get(subscription.id) ?? null)),
      nextCursor,
      totals,
      until: window.until,
    };
  };

const NOTHING: ReadonlyMap<string, SubscriptionChange> = new Map();

/** What renews after a scheduled change is told as it will be then. */
const upcoming = (subscription: Subscription, change: SubscriptionChange | null): UpcomingRenewal => {
  const charged = change === null ? subscription : changed(subscription, change);
  const nextPeriod = nextPeriodOf(charged);
  // Its price too: a release that kept none for after the change has one of before it.
  const next = nextChargeOf({ ...subscription, price: charged.price });
  return {
    subscription: charged,
    dueAt: next?.at ?? nextPeriod.start,
    nextPeriod,
    amount: next?.amount ?? charged.price,
    withTax: next?.withTax ?? false,
  };
};

const changed = (subscription: Subscription, { target, charge, effectiveAt }: SubscriptionChange): Subscription => {
  const { renewalCoupon, version } = subscription;
  return applyTarget(subscription, target, { charge, taxRatePpm: null, renewalCoupon, now: effectiveAt, version });
};
