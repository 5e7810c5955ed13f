import { type AuditEntry } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { beginPeriod, settled } from './begin-period.ts';
import { type RenewalCoupon } from './coupon.ts';
import { documentOf } from './entitlement-document.ts';
import { type SubscriptionMessage } from './messages.ts';
import { type Entitlement } from './plan.ts';
import { stoodStill } from './stand-still.ts';
import { canTransition, transition } from './subscription-status.ts';
import { type Period, type Subscription } from './subscription.ts';

export interface OutcomeFacts {
  readonly subscription: Subscription;
  readonly entitlements: readonly Entitlement[];
  /** What a coupon takes off the period after this one, once this one is paid. */
  readonly renewalCoupon: RenewalCoupon | null;
  readonly now: Date;
  /** Higher than any version this account's document for the product ever had. */
  readonly version: number;
}

export interface PaidRenewal {
  /** The period that the invoice billed. */
  readonly period: Period;
  /** What was paid for it, as its prices are stated, and the rate of its tax. */
  readonly paid: Money;
  readonly taxRatePpm: number;
  /** Told again on purpose: the state is current, the fact is not new. */
  readonly replayed: boolean;
}

export type RenewalOutcome =
  /** A redelivered or replayed fact. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'change';
      readonly subscription: Subscription;
      readonly messages: readonly SubscriptionMessage[];
      readonly audit: readonly AuditEntry[];
    }
  /** Money for a period that cannot be given: a person decides. */
  | {
      readonly kind: 'park';
      readonly code: 'subscription.paid_after_end' | 'subscription.paid_for_other_period';
      readonly message: string;
      readonly audit: readonly AuditEntry[];
    };

/** The next period is paid: it begins, whenever the money came, and the one after it falls due at its end. */
export const decideRenewed = (facts: OutcomeFacts, renewal: PaidRenewal): RenewalOutcome => {
  const { subscription, renewalCoupon, now, version } = facts;
  const { period } = subscription;
  if (period?.start.getTime() === renewal.period.start.getTime()) return { kind: 'nothing' };
  const isOlder = period !== null && renewal.period.start < period.end;
  if (isOlder && renewal.replayed) return { kind: 'nothing' };
  // Money settles a balance; what an operator withholds stays withheld, and the period is theirs when it is given back.
  const trigger = subscription.suspendedBy === 'operator' ? 'renew_suspended' : 'renew';
  if (!canTransition(subscription.status, trigger)) return paidAfterEnd(facts, renewal);
  if (period === null || isOlder) return paidForOther(facts, renewal);
  const begun = beginPeriod(
    { ...subscription, status: transition(subscription.status, trigger), renewalCoupon, version, updatedAt: now },
    { period: renewal.period, kind: 'paid', paid: renewal.paid, taxRatePpm: renewal.taxRatePpm },
  );
  const stoodMs = stoodMsOf(subscription, renewal.period);
  const renewed = stoodMs === 0 ? begun : settled(stoodStill(begun, stoodMs));
  return {
    kind: 'change',
    subscription: renewed,
    messages: [{ type: 'entitlements_changed', document: documentOf(renewed, facts.entitlements) }],
    audit: [
      entryOf(renewed, 'subscription.renewed', {
        before: { status: subscription.status },
        after: {
          status: renewed.status,
          periodStart: renewal.period.start.toISOString(),
          periodEnd: renewed.period?.end.toISOString() ?? null,
          accessUntil: renewed.accessUntil?.toISOString() ?? null,
        },
      }),
    ],
  };
};

/** It was suspended while it owed this period, beyond its end. */
const stoodMsOf = ({ periodCountedFrom }: Subscription, { start }: Period): number =>
  Math.max(0, (periodCountedFrom?.getTime() ?? 0) - start.getTime());

/** The default ladder suspends 21 days after the first failure; until then access is kept. */
export const SUSPENDED_AFTER_MS = 21 * 24 * 60 * 60 * 1000;

/** The renewal's own attempt failed. The invoice stays open; access ends on the day the ladder suspends. */
export const decideMissedPayment = (
  facts: OutcomeFacts,
  missed: { readonly period: Period; readonly attempt: number; readonly reason: string; readonly failedAt: Date },
): RenewalOutcome => {
  const { subscription, now, version } = facts;
  const isNext = subscription.period !== null && missed.period.start.getTime() === subscription.period.end.getTime();
  // Later attempts change nothing about the day that the first one has set.
  if (!isNext || subscription.status !== 'active') return { kind: 'nothing' };
  const pastDue = settled({
    ...subscription,
    status: transition(subscription.status, 'miss_payment'),
    accessUntil: new Date(missed.failedAt.getTime() + SUSPENDED_AFTER_MS),
    version,
    updatedAt: now,
  });
  return {
    kind: 'change',
    subscription: pastDue,
    messages: [{ type: 'entitlements_changed', document: documentOf(pastDue, facts.entitlements) }],
    audit: [
      entryOf(pastDue, 'subscription.payment_missed', {
        reason: missed.reason,
        before: { status: subscription.status },
        after: { status: pastDue.status, accessUntil: pastDue.accessUntil?.toISOString() ?? null },
      }),
    ],
  };
};

const paidAfterEnd = (facts: OutcomeFacts, renewal: PaidRenewal): RenewalOutcome =>
  parked(facts, renewal, {
    code: 'subscription.paid_after_end',
    why: `the subscription is ${facts.subscription.status}. Refund the payment, or reinstate the subscription.`,
  });

/** Its invoice was given up, but the money came first. */
const paidForOther = (facts: OutcomeFacts, renewal: PaidRenewal): RenewalOutcome => {
  const { period } = facts.subscription;
  const held = period === null ? 'none' : `the one from ${period.start.toISOString()} to ${period.end.toISOString()}`;
  const why = `the period it has is ${held}. Refund the payment, or put it towards the next invoice.`;
  return parked(facts, renewal, { code: 'subscription.paid_for_other_period', why });
};

const parked = (
  { subscription }: OutcomeFacts,
  { period }: PaidRenewal,
  { code, why }: { readonly code: Extract<RenewalOutcome, { kind: 'park' }>['code']; readonly why: string },
): RenewalOutcome => {
  const message = `The period of ${subscription.id} from ${period.start.toISOString()} was paid, but ${why}`;
  const audit = [entryOf(subscription, 'subscription.renewal_parked', { result: 'failed', reason: message })];
  return { kind: 'park', code, message, audit };
};

const entryOf = (
  subscription: Subscription,
  action: string,
  facts: Pick<AuditEntry, 'before' | 'after' | 'reason' | 'result'>,
): AuditEntry => ({
  action,
  subject: { type: 'subscription', id: subscription.id },
  accountId: subscription.accountId,
  ...facts,
});
