import { assertNever } from '@quittance/kernel';
import { type Money, negate, sum, taxExclusive, taxInclusive } from '@quittance/money';

import { type SubscriptionChange } from './change.ts';
import { discountOf, discountParts, type RenewalCoupon } from './coupon.ts';
import {
  type Period,
  type PeriodKind,
  priceOfItems,
  type Subscription,
  type SubscriptionItem,
} from './subscription.ts';

export interface PeriodFacts {
  readonly period: Period;
  readonly kind: PeriodKind;
  /** What was really paid for it, as its prices are stated. */
  readonly paid: Money;
  /** Of the invoice that bought it; null keeps the rate that was known. */
  readonly taxRatePpm: number | null;
}

/** A period begins: what follows from it (access, what falls due, what the next one will cost) is set with it. */
export const beginPeriod = (subscription: Subscription, facts: PeriodFacts): Subscription =>
  settled({
    ...subscription,
    period: facts.period,
    renewingFrom: null,
    periodKind: facts.kind,
    periodPaid: facts.paid,
    periodCountedFrom: null,
    taxRatePpm: facts.taxRatePpm ?? subscription.taxRatePpm,
  });

type Scheduled = Pick<SubscriptionChange, 'effectiveAt' | 'target'> & {
  /** What is left of the coupon when the change has taken effect. */
  readonly renewalCoupon: RenewalCoupon | null;
};

/**
 * Access, due instant and next charge as they follow from everything else and from what is scheduled. Every decision
 * ends here, so that none of the three is ever forgotten.
 */
export const settled = (subscription: Subscription, scheduled: Scheduled | null = null): Subscription => {
  const due = dueOf(subscription, scheduled?.effectiveAt ?? null);
  const changing = due?.kind === 'change' ? scheduled : null;
  const charged = changing === null ? subscription : chargedAfter(subscription, changing);
  return {
    ...subscription,
    suspendedBy: subscription.status === 'suspended' ? subscription.suspendedBy : null,
    suspendedAt: subscription.status === 'suspended' ? subscription.suspendedAt : null,
    accessUntil: accessUntilOf(subscription),
    due,
    renewalTotal: renewalTotalOf(charged),
    renewalPrice: renewalPriceOf(charged),
    changeChargesAt: changing && chargesAt(changing),
  };
};

/** Only what the next charge is made of: the change itself happens on its day. */
const chargedAfter = (subscription: Subscription, { target, renewalCoupon }: Scheduled): Subscription => ({
  ...subscription,
  renewalCoupon,
  items: target.items,
  price: priceOfItems(target.items, subscription.price.currency),
  period: target.effect.kind === 'end' ? null : subscription.period,
});

/** A period that is kept ends as the change takes effect; one that begins with it (a bonus) comes first. */
const chargesAt = ({ effectiveAt, target: { effect } }: Scheduled): Date | null => {
  if (effect.kind === 'end') return null;
  return effect.kind === 'begin' ? effect.period.end : effectiveAt;
};

/** DESIGN § 7: a renewing subscription keeps access for three days after its period, while the renewal is collected. */
export const RENEWAL_GRACE_MS = 3 * 24 * 60 * 60 * 1000;

const accessUntilOf = (subscription: Subscription): Date | null => {
  const { status, period, accessUntil, cancelAtPeriodEnd, trialEnd, cancelledAt } = subscription;
  switch (status) {
    case 'trialing':
      return trialEnd;
    case 'active':
      if (period === null) return null;
      return cancelAtPeriodEnd ? period.end : new Date(period.end.getTime() + RENEWAL_GRACE_MS);
    case 'cancelled':
      return cancelledAt;
    case 'draft':
    case 'past_due':
    case 'paused':
    case 'suspended':
    case 'expired':
      // past_due keeps what dunning gave it; the others deny at once, whatever stands here.
      return accessUntil;
    default:
      return assertNever(status);
  }
};

const dueOf = (subscription: Subscription, scheduledAt: Date | null): Subscription['due'] => {
  const { status, period, pause, trialEnd, cancelAtPeriodEnd, renewalOwner, renewingFrom } = subscription;
  if (renewalOwner !== 'platform') return null;
  if (status === 'trialing') return trialEnd && { at: trialEnd, kind: 'trial_end' };
  if (status === 'suspended') return endOf(subscription);
  if (status === 'paused') return pause?.resumesAt ? { at: pause.resumesAt, kind: 'resume' } : null;
  // What is being collected fell due already; the next thing does when that is paid.
  if (status !== 'active' || renewingFrom !== null) return null;
  if (scheduledAt !== null) return { at: scheduledAt, kind: 'change' };
  if (period === null) return null;
  return { at: period.end, kind: cancelAtPeriodEnd ? 'cancellation' : 'renewal' };
};

const renews = ({ status, period, cancelAtPeriodEnd }: Subscription): boolean =>
  period !== null && !cancelAtPeriodEnd && status !== 'trialing';

/** Access that is withheld does not put off the end: a place that nobody can use any more is free for the next plan. */
const endOf = ({
  period,
  periodKind,
  trialEnd,
  cancelAtPeriodEnd,
  renewingFrom,
}: Subscription): Subscription['due'] => {
  if (periodKind === 'trial') return trialEnd && { at: trialEnd, kind: 'trial_end' };
  if (!cancelAtPeriodEnd || period === null || renewingFrom !== null) return null;
  return { at: period.end, kind: 'cancellation' };
};

/**
 * With tax as on the last invoice, line by line as an invoice would; null where nothing renews or no rate is known. A
 * price that includes its tax is the same at any rate.
 */
const renewalTotalOf = (subscription: Subscription): Money | null => {
  const { items, price, taxRatePpm } = subscription;
  const known = taxRatePpm ?? (items.every(({ taxBehavior }) => taxBehavior === 'inclusive') ? 0 : null);
  if (!renews(subscription) || known === null) return null;
  const off = renewalDiscountParts(subscription);
  return sum(
    items.flatMap((item, index) => {
      const part = off[index];
      const full = grossOf(amountOf(item), item, known);
      return part === undefined ? [full] : [full, grossOf(negate(part), item, known)];
    }),
    price.currency,
  );
};

const renewalPriceOf = (subscription: Subscription): Money | null => {
  if (!renews(subscription)) return null;
  const { items, price } = subscription;
  return sum([...items.map(amountOf), ...renewalDiscountParts(subscription).map(negate)], price.currency);
};

/** What the coupon takes off each item of the next period; empty where there is none. */
export const renewalDiscountParts = ({ renewalCoupon, price, items }: Subscription): readonly Money[] =>
  renewalCoupon === null ? [] : discountParts(discountOf(renewalCoupon.discount, price), items.map(amountOf));

const amountOf = ({ quantity, unitPrice }: SubscriptionItem): Money => ({
  ...unitPrice,
  amountMinor: unitPrice.amountMinor * BigInt(quantity),
});

const grossOf = (amount: Money, { taxBehavior }: SubscriptionItem, ratePpm: number): Money =>
  (taxBehavior === 'inclusive' ? taxInclusive(amount, ratePpm) : taxExclusive(amount, ratePpm)).gross;
