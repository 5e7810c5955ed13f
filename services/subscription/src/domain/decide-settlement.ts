import { type AuditEntry } from '@quittance/kernel';
import { isZero, type Money } from '@quittance/money';

import { applyTarget } from './apply-target.ts';
import { changedEntry, notHappenedEntry } from './change-audit.ts';
import { fits, type SubscriptionChange } from './change.ts';
import { nextCheckoutStatus } from './checkout-status.ts';
import { type Checkout } from './checkout.ts';
import {
  couponAfter,
  couponBrought,
  couponEndedEntries,
  type CouponFate,
  renewalCouponOf,
  soldAs,
} from './coupon-fate.ts';
import { type NewCoupon, type SubscriptionCoupon } from './coupon.ts';
import { documentOf } from './entitlement-document.ts';
import { type SubscriptionMessage } from './messages.ts';
import { type Entitlement } from './plan.ts';
import { replacedBy, replacedEntry, versionOver } from './replaced.ts';
import { canTransition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

export interface SettlementFacts {
  readonly change: SubscriptionChange;
  readonly subscription: Subscription;
  readonly checkout: Checkout;
  /** Another change that waits for its day; an upgrade ends it, unconverted. */
  readonly scheduled: SubscriptionChange | null;
  /** What holds the place of a trial that has ended meanwhile; null where nothing does. */
  readonly otherLive?: Subscription | null;
  /** What takes something off its periods until now. */
  readonly coupon: SubscriptionCoupon | null;
  /** The one that the invoice brought. */
  readonly newCoupon: NewCoupon | null;
  /** Of the items as they will be. */
  readonly entitlements: readonly Entitlement[];
  /** What was paid, as prices are stated, and the rate of its tax. */
  readonly paid: Money;
  readonly taxRatePpm: number;
  readonly now: Date;
  readonly version: number;
}

export type SettlementDecision =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'apply';
      readonly change: SubscriptionChange;
      readonly subscription: Subscription;
      readonly checkout: Checkout;
      readonly coupon: CouponFate;
      readonly replaced: SubscriptionChange | null;
      /** The free plan that gives its place to what was paid after all. */
      readonly displaced: Subscription | null;
      readonly messages: readonly SubscriptionMessage[];
      readonly audit: readonly AuditEntry[];
    }
  /** Paid for a subscription that has moved on: a person refunds it, or makes the change anew. */
  | {
      readonly kind: 'park';
      readonly change: SubscriptionChange;
      readonly checkout: Checkout;
      readonly message: string;
      readonly audit: readonly AuditEntry[];
    };

/** The invoice of a change is paid: what was agreed takes effect, as long as it still fits. */
export const decideSettlement = (facts: SettlementFacts): SettlementDecision => {
  const { change, subscription } = facts;
  if (change.status === 'applied' || change.status === 'outdated') return { kind: 'nothing' };
  const trigger = subscription.status === 'trialing' ? 'activate' : 'change';
  // A trial may have ended while its conversion was being paid; the money says that it was wanted.
  const lateConversion = subscription.status === 'expired' && change.kind === 'conversion';
  if (!lateConversion && (!canTransition(subscription.status, trigger) || !fits(change, subscription, facts.now))) {
    return outdated(facts);
  }
  if (facts.otherLive && !isZero(facts.otherLive.price)) return outdated(facts);
  return apply(lateConversion ? { ...facts, subscription: { ...subscription, status: 'trialing' } } : facts);
};

const apply = (facts: SettlementFacts): SettlementDecision => {
  const { subscription, scheduled, paid, taxRatePpm, now, version } = facts;
  const change: SubscriptionChange = { ...facts.change, status: 'applied', settledAt: now, version };
  const coupon = couponSettled(facts);
  const renewalCoupon = renewalCouponOf(coupon);
  const after = applyTarget(subscription, change.target, {
    charge: paid,
    taxRatePpm,
    renewalCoupon,
    now,
    version: versionOver(facts.otherLive ?? null, version),
  });
  const displaced = facts.otherLive ? replacedBy(facts.otherLive, { now, version }) : null;
  const replaced: SubscriptionChange | null = scheduled && {
    ...scheduled,
    status: 'superseded',
    settledAt: now,
    version,
  };
  return {
    kind: 'apply',
    change,
    subscription: after,
    checkout: completed(facts),
    coupon,
    replaced,
    displaced,
    messages: [{ type: 'entitlements_changed', document: documentOf(after, facts.entitlements) }],
    audit: [
      ...(displaced === null ? [] : [replacedEntry(displaced, after)]),
      changedEntry(change, subscription, after),
      ...couponEndedEntries(coupon, subscription),
      ...(replaced === null ? [] : [notHappenedEntry(replaced, `Ended by ${change.id}.`)]),
    ],
  };
};

const couponSettled = ({ change, subscription, coupon, newCoupon, paid }: SettlementFacts): CouponFate => {
  if (newCoupon !== null) return couponBrought(newCoupon, { id: subscription.id, coupon });
  const bills = change.target.effect.kind === 'begin' ? 'whole_period' : 'no_period';
  return couponAfter(
    coupon,
    { before: soldAs(subscription), after: { ...change.target, currency: paid.currency } },
    bills,
  );
};

const outdated = (facts: SettlementFacts): SettlementDecision => {
  const change: SubscriptionChange = {
    ...facts.change,
    status: 'outdated',
    settledAt: facts.now,
    version: facts.version,
  };
  const message =
    `Change ${change.id} (${change.kind} to ${change.target.planKey}) of ${change.subscriptionId} was paid, but the ` +
    `subscription has changed since it was offered. Refund the payment, or make the change anew without a charge.`;
  return { kind: 'park', change, checkout: completed(facts), message, audit: [notHappenedEntry(change, message)] };
};

const completed = ({ checkout, version }: SettlementFacts): Checkout => ({
  ...checkout,
  status: nextCheckoutStatus(checkout.status, 'complete'),
  version,
});
