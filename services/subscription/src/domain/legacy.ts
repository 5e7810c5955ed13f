import { type AccountId } from '@quittance/kernel';
import { isZero, type Money, money } from '@quittance/money';

import { settled } from './begin-period.ts';
import { newSubscription } from './new-subscription.ts';
import { overWhole } from './period-measure.ts';
import { type Interval, type Plan, type PlanPrice, type TaxBehavior } from './plan.ts';
import { pathTo } from './status-path.ts';
import { isLive, type SubscriptionStatus, transition } from './subscription-status.ts';
import {
  type Period,
  priceOfItems,
  type RenewalOwner,
  type Subscription,
  type SubscriptionItem,
} from './subscription.ts';

/** A subscription that began elsewhere, as it stands there: an earlier platform's, or one that Stripe renews itself. */
export interface LegacyReport {
  /** Who says it; with `reference` it is the same subscription for ever. */
  readonly source: string;
  readonly reference: string;
  readonly accountId: AccountId;
  /** Where it is taxed; null where the report says nothing of it. */
  readonly country: string | null;
  readonly status: Exclude<SubscriptionStatus, 'draft' | 'expired'>;
  readonly interval: Interval;
  readonly quantity: number;
  /** Of one unit and period: the old price is kept, whatever the plan costs today. */
  readonly unitPrice: PlanPrice['amount'];
  readonly taxBehavior: TaxBehavior;
  readonly startedAt: Date;
  /** Where its next periods are counted from. */
  readonly anchorAt: Date;
  readonly period: Period;
  readonly cancelAtPeriodEnd: boolean;
  /** Null unless it is cancelled. */
  readonly endedAt: Date | null;
  readonly renewalOwner: RenewalOwner;
}

/** Default of the dunning ladder (DESIGN § 8): a period that is not paid loses access on its 21st day. */
const SUSPENSION_AFTER_MS = 21 * 24 * 60 * 60 * 1000;

export const adoptedSubscription = (
  plan: Plan,
  report: LegacyReport,
  made: Pick<Subscription, 'id' | 'version'> & { readonly now: Date },
): Subscription => {
  const { accountId, quantity, unitPrice, interval, taxBehavior, country } = report;
  const price = { interval, amount: unitPrice, taxBehavior };
  const draft = newSubscription(plan, price, { ...made, accountId, quantity, country, language: null });
  return asReported({ ...draft, createdAt: report.startedAt }, report, made);
};

/**
 * The same subscription, standing as the report says. Every step on the way is a transition of the table. Access that an
 * operator withholds stays withheld for as long as it lives there.
 */
export const asReported = (
  before: Subscription,
  report: LegacyReport,
  facts: { readonly now: Date; readonly version: number },
): Subscription => {
  const { now, version } = facts;
  const items = before.items.map((item, index) => (index === 0 ? asPriced(item, report) : item));
  const price = priceOfItems(items, report.unitPrice.currency);
  const withheld = before.suspendedBy === 'operator' && isLive(report.status);
  const wanted = withheld ? 'suspended' : report.status;
  const status = pathTo(before.status, wanted).reduce<SubscriptionStatus>(transition, before.status);
  const reported = { interval: report.interval, period: report.period, periodCountedFrom: null };
  return settled({
    ...before,
    items,
    price,
    interval: report.interval,
    status,
    anchorAt: report.anchorAt,
    period: hasPeriods(report, price) ? report.period : null,
    periodKind: report.status === 'trialing' ? 'trial' : 'paid',
    // Several cycles at once were paid at once.
    periodPaid: isPaid(report) ? overWhole(price, reported) : money(0n, price.currency),
    periodCountedFrom: null,
    trialEnd: report.status === 'trialing' ? report.period.end : before.trialEnd,
    cancelAtPeriodEnd: report.cancelAtPeriodEnd && status !== 'cancelled',
    cancelledAt: status === 'cancelled' ? (report.endedAt ?? now) : null,
    pause: status === 'paused' ? (before.pause ?? { since: stillSince(report, now), resumesAt: null }) : null,
    suspendedBy: withheld ? 'operator' : 'balance',
    suspendedAt: before.suspendedAt ?? now,
    // `settled` keeps it where a period could not be collected, and finds it in every other status.
    accessUntil: new Date(report.period.start.getTime() + SUSPENSION_AFTER_MS),
    renewalOwner: report.renewalOwner,
    version,
    updatedAt: now,
  });
};

/** D5: what costs nothing has none, so that nothing renews it. What Stripe renews, and a trial, has its own. */
const hasPeriods = ({ status, renewalOwner }: LegacyReport, price: Money): boolean =>
  !isZero(price) || renewalOwner === 'stripe' || status === 'trialing';

/** Stripe pauses what was never paid, a trial without a card; elsewhere somebody pauses what was. */
const isPaid = ({ status, renewalOwner }: LegacyReport): boolean =>
  status === 'active' || (status === 'paused' && renewalOwner === 'platform');

/** Nothing is left of a period that was over by then: counted from now, the months since would be charged one by one. */
const stillSince = ({ period }: LegacyReport, now: Date): Date => (period.end < now ? period.end : now);

const asPriced = (item: SubscriptionItem, { quantity, unitPrice, taxBehavior }: LegacyReport): SubscriptionItem => ({
  ...item,
  quantity,
  unitPrice,
  taxBehavior,
});
