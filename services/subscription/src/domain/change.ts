import { type AccountId, type Id } from '@quittance/kernel';
import { equals, type Interval, type Money } from '@quittance/money';

import { type CouponFate } from './coupon-fate.ts';
import { type TaxBehavior } from './plan.ts';
import { type Period, type PeriodKind, type Subscription, type SubscriptionItem } from './subscription.ts';

/**
 * upgrade: now, for the difference · downgrade: at the period's end, then a bonus · reduction: less of the same, at the
 * period's end · interval_switch: a new cycle · conversion: a trial is paid for · immediate_convert: the rest of what was
 * paid becomes time on the new plan · version_move: the same plan as it is sold now.
 */
export const CHANGE_KINDS = [
  'upgrade',
  'downgrade',
  'reduction',
  'interval_switch',
  'conversion',
  'immediate_convert',
  'version_move',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** lapsed: its payment never came. outdated: it was paid for a subscription that had moved on; a person decides. */
export const CHANGE_STATUSES = [
  'awaiting_payment',
  'scheduled',
  'applied',
  'undone',
  'superseded',
  'lapsed',
  'outdated',
] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

/** What taking effect does to the period. */
export type PeriodEffect =
  /** It goes on; `anchorAt` set: the next ones are counted from there. */
  | { readonly kind: 'keep'; readonly anchorAt: Date | null }
  | {
      readonly kind: 'begin';
      readonly period: Period;
      readonly periodKind: PeriodKind;
      readonly anchorAt: Date;
      /** What the period is worth as its prices are stated: paid now, or before. */
      readonly paid: Money;
    }
  /** A plan without a price has no periods. */
  | { readonly kind: 'end'; readonly at: Date };

/** What the subscription will be: agreed when the change was made, and applied as it stands. */
export interface ChangeTarget {
  readonly planId: Id<'pln'>;
  readonly planVersionId: Id<'plv'>;
  readonly planKey: string;
  readonly planName: string;
  readonly interval: Interval;
  readonly items: readonly SubscriptionItem[];
  readonly effect: PeriodEffect;
  /** What the subscription was when it was agreed: on another one, what was paid for it does not fit. */
  readonly basedOn: ChangeBasis;
}

export interface ChangeBasis {
  readonly planVersionId: Id<'plv'>;
  readonly price: Money;
  readonly periodEnd: Date | null;
}

export const basisOf = ({ planVersionId, price, period }: Subscription): ChangeBasis => ({
  planVersionId,
  price,
  periodEnd: period?.end ?? null,
});

/**
 * What is paid still is what it was offered for. A period that is over is being renewed, or is about to be, at the price it
 * has: what was to change it comes too late, though nothing else about it has changed. A trial may be paid for late.
 */
export const fits = ({ target }: SubscriptionChange, subscription: Subscription, at: Date): boolean => {
  const [then, now] = [target.basedOn, basisOf(subscription)];
  const isOver = subscription.status === 'active' && now.periodEnd !== null && now.periodEnd <= at;
  return (
    !isOver &&
    then.planVersionId === now.planVersionId &&
    equals(then.price, now.price) &&
    then.periodEnd?.getTime() === now.periodEnd?.getTime()
  );
};

/** One line of the invoice; negative for the unused part of something paid before. */
export interface ChangeLine {
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly taxBehavior: TaxBehavior;
  readonly period: Period;
}

/** A change thought through to the last unit, and nothing done: what a preview shows and what commit does. */
export interface PlannedChange {
  readonly kind: ChangeKind;
  readonly effectiveAt: Date;
  /** True when it waits for the end of the period. */
  readonly scheduled: boolean;
  /** To be paid before it takes effect, before tax where prices are exclusive. Zero: no invoice. */
  readonly charge: Money;
  readonly lines: readonly ChangeLine[];
  readonly invoicePeriod: Period | null;
  readonly bonusDays: number;
  /** Why there is no bonus, where one might be expected. */
  readonly bonusNote: string | null;
  /** What becomes of the coupon that takes something off its periods. */
  readonly coupon: CouponFate;
  readonly target: ChangeTarget;
}

export interface SubscriptionChange {
  readonly id: Id<'chg'>;
  readonly subscriptionId: Id<'sub'>;
  readonly accountId: AccountId;
  readonly kind: ChangeKind;
  readonly status: ChangeStatus;
  readonly effectiveAt: Date;
  readonly checkoutId: Id<'chk'> | null;
  readonly target: ChangeTarget;
  readonly charge: Money;
  readonly bonusDays: number;
  readonly reason: string | null;
  readonly version: number;
  readonly createdAt: Date;
  /** When it was applied, undone or given up. */
  readonly settledAt: Date | null;
}
