import { type AuditEntry } from '@quittance/kernel';
import { isZero, type Money } from '@quittance/money';

import { beginPeriod } from './begin-period.ts';
import { nextCheckoutStatus } from './checkout-status.ts';
import { type Checkout } from './checkout.ts';
import { type RenewalCoupon } from './coupon.ts';
import { activatedEntry } from './decide-checkout.ts';
import { documentOf } from './entitlement-document.ts';
import { type SubscriptionMessage } from './messages.ts';
import { type Entitlement } from './plan.ts';
import { replacedBy, replacedEntry, versionOver } from './replaced.ts';
import { canTransition, transition } from './subscription-status.ts';
import { type Period, type Subscription } from './subscription.ts';

export interface ActivationFacts {
  readonly subscription: Subscription;
  readonly checkout: Checkout;
  /** Of the plan version that was bought. */
  readonly entitlements: readonly Entitlement[];
  /** Another live subscription of the account for this product. */
  readonly otherLive: Subscription | null;
  /** The period that the paid invoice bought. */
  readonly period: Period;
  /** What was paid for it, as its prices are stated, and the rate of its tax. */
  readonly paid: Money;
  readonly taxRatePpm: number;
  /** What the coupon of the checkout takes off the next period. */
  readonly renewalCoupon: RenewalCoupon | null;
  readonly now: Date;
  /** Higher than any version this account's document for the product ever had. */
  readonly version: number;
}

export type ActivationDecision =
  /** A redelivered or replayed fact: done already. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'activate';
      readonly subscription: Subscription;
      readonly checkout: Checkout;
      readonly replaced: Subscription | null;
      readonly messages: readonly SubscriptionMessage[];
      readonly audit: readonly AuditEntry[];
    }
  /** Two paid for one place: a person decides what to refund. */
  | {
      readonly kind: 'park';
      readonly checkout: Checkout;
      readonly message: string;
      readonly audit: readonly AuditEntry[];
    };

/** A paid invoice is the only thing that makes a bought plan live. */
export const decideActivation = (facts: ActivationFacts): ActivationDecision => {
  const { subscription, otherLive } = facts;
  if (!canTransition(subscription.status, 'activate')) return { kind: 'nothing' };
  if (otherLive && !isZero(otherLive.price)) return paidTwice(facts, otherLive);
  const replaced = otherLive && replacedBy(otherLive, facts);
  const active = beginPeriod(
    {
      ...subscription,
      status: transition(subscription.status, 'activate'),
      anchorAt: facts.period.start,
      renewalCoupon: facts.renewalCoupon,
      version: versionOver(otherLive, facts.version),
      updatedAt: facts.now,
    },
    { period: facts.period, kind: 'paid', paid: facts.paid, taxRatePpm: facts.taxRatePpm },
  );
  return {
    kind: 'activate',
    subscription: active,
    checkout: {
      ...facts.checkout,
      status: nextCheckoutStatus(facts.checkout.status, 'complete'),
      version: facts.version,
    },
    replaced,
    messages: [{ type: 'entitlements_changed', document: documentOf(active, facts.entitlements) }],
    audit: replaced ? [replacedEntry(replaced, active), activatedEntry(active)] : [activatedEntry(active)],
  };
};

const paidTwice = ({ checkout, subscription, version }: ActivationFacts, live: Subscription): ActivationDecision => {
  const message =
    `Invoice of ${subscription.id} was paid, but the account already has ${live.id} (${live.planKey}) for ` +
    `product ${live.productKey}. Refund one of the two payments, or cancel ${live.id} and replay.`;
  return {
    kind: 'park',
    checkout: { ...checkout, status: nextCheckoutStatus(checkout.status, 'complete'), version },
    message,
    audit: [
      {
        action: 'subscription.activation_parked',
        subject: { type: 'subscription', id: subscription.id },
        accountId: subscription.accountId,
        result: 'failed',
        reason: message,
      },
    ],
  };
};
