import { type AccountId, type Id } from '@quittance/kernel';
import { type Money, money, sum } from '@quittance/money';

import { type RenewalCoupon } from './coupon.ts';
import { type Interval, type TaxBehavior } from './plan.ts';
import { type SubscriptionStatus } from './subscription-status.ts';

export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** Something paid for in every period; the first one is the plan itself. */
export interface SubscriptionItem {
  /** Unique within its subscription: the key of the plan it is, or one chosen by the operator who agreed on it. */
  readonly key: string;
  /** Null for what was agreed by hand. */
  readonly planId: Id<'pln'> | null;
  readonly planVersionId: Id<'plv'> | null;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly taxBehavior: TaxBehavior;
}

/**
 * What falls due next. `renewal` opens an invoice; the others need no money: a scheduled change takes effect, a
 * cancellation, a trial or a pause is over.
 */
export const DUE_KINDS = ['renewal', 'change', 'cancellation', 'trial_end', 'resume'] as const;
export type DueKind = (typeof DUE_KINDS)[number];

/** `bonus`: the free period on the new plan after a downgrade. */
export const PERIOD_KINDS = ['paid', 'trial', 'bonus'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** Who collects the next period: a subscription that Stripe renews itself is mirrored, never charged by us as well. */
export const RENEWAL_OWNERS = ['platform', 'stripe'] as const;
export type RenewalOwner = (typeof RENEWAL_OWNERS)[number];

/** Who withholds access: what an operator withholds only an operator gives back; a balance, whoever settles it. */
export const SUSPENDED_BY = ['operator', 'balance'] as const;
export type SuspendedBy = (typeof SUSPENDED_BY)[number];

export interface Subscription {
  readonly id: Id<'sub'>;
  readonly accountId: AccountId;
  readonly productId: Id<'prd'>;
  readonly productKey: string;
  readonly planId: Id<'pln'>;
  readonly planVersionId: Id<'plv'>;
  readonly planKey: string;
  /** As shown to the buyer, in the language of the checkout. */
  readonly planName: string;
  /** The one it was bought in: what its plans and lines are called in later too. Null: English. */
  readonly language: string | null;
  /** Where its buyer said to be when it was sold: prices of a region and tax go by it. Null: nobody said. */
  readonly country: string | null;
  readonly status: SubscriptionStatus;
  readonly interval: Interval;
  /** Never empty; the plan first. */
  readonly items: readonly SubscriptionItem[];
  /** Of one period: the sum of the items, as their plans say it, with or without tax. */
  readonly price: Money;
  /**
   * What the next charge will come to with tax, as the last invoice did: after a scheduled change, of what it leads to.
   * Null where nothing renews, or no rate is known yet.
   */
  readonly renewalTotal: Money | null;
  /** The same as prices are stated, before any tax on top of them. Null where nothing renews. */
  readonly renewalPrice: Money | null;
  /** When the first period after the scheduled change is charged; null where none will be, or none is scheduled. */
  readonly changeChargesAt: Date | null;
  /** What a coupon takes off the next period; null where none does. */
  readonly renewalCoupon: RenewalCoupon | null;
  /** Where every later period is counted from; null while a draft. */
  readonly anchorAt: Date | null;
  /** Null while a draft, and for a plan without a price: nothing renews. */
  readonly period: Period | null;
  readonly periodKind: PeriodKind;
  /**
   * What was really paid for the whole period, as its prices are stated; never negative. What was paid to go up for the
   * rest of it counts as if it had been so from the start, so that the part left of this is what was paid for the rest.
   */
  readonly periodPaid: Money;
  /**
   * Where the time begins that its price is for: later than its start by as long as it stood still. While a renewal is
   * collected, of that period. Null, and any instant before its start: from its start.
   */
  readonly periodCountedFrom: Date | null;
  /** Of the last paid invoice: what the next charge is told with. Null before there was one. */
  readonly taxRatePpm: number | null;
  /** Null never ends. */
  readonly accessUntil: Date | null;
  /** Null where there never was a trial. */
  readonly trialEnd: Date | null;
  /** The free plan that a trial took the place of, and gives it back to; null where there was none. */
  readonly replaces: Id<'sub'> | null;
  /** It ends with its period, unless that is undone. */
  readonly cancelAtPeriodEnd: boolean;
  readonly cancelledAt: Date | null;
  /** `resumesAt` null: until somebody resumes it. */
  readonly pause: { readonly since: Date; readonly resumesAt: Date | null } | null;
  /** Null unless it is suspended. */
  readonly suspendedBy: SuspendedBy | null;
  /** Since when access is withheld; null unless it is suspended. */
  readonly suspendedAt: Date | null;
  readonly renewalOwner: RenewalOwner;
  /** Where the period begins that has been invoiced and is not paid; null while nothing is being collected. */
  readonly renewingFrom: Date | null;
  readonly due: { readonly at: Date; readonly kind: DueKind } | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What the items of one period come to. */
export const priceOfItems = (items: readonly SubscriptionItem[], currency: Money['currency']): Money =>
  sum(
    items.map(({ quantity, unitPrice }) => money(unitPrice.amountMinor * BigInt(quantity), unitPrice.currency)),
    currency,
  );

/** When the next period is charged, as far as it is known and not begun yet; null where none will be. */
export const nextChargeAt = ({ due, changeChargesAt }: Subscription): Date | null => {
  if (due?.kind === 'renewal') return due.at;
  return due?.kind === 'change' ? changeChargesAt : null;
};

export interface NextCharge {
  readonly at: Date;
  readonly amount: Money;
  /** False: tax comes on top, and no invoice has told its rate yet. */
  readonly withTax: boolean;
}

/** What a customer is told will be charged next; null where nothing will be. */
export const nextChargeOf = (subscription: Subscription): NextCharge | null => {
  const { renewalTotal, renewalPrice, price } = subscription;
  const at = nextChargeAt(subscription);
  return at && { at, amount: renewalTotal ?? renewalPrice ?? price, withTax: renewalTotal !== null };
};
