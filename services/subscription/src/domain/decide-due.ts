import { assertNever, type AuditEntry } from '@quittance/kernel';
import { money } from '@quittance/money';

import { applyTarget } from './apply-target.ts';
import { settled } from './begin-period.ts';
import { changedEntry } from './change-audit.ts';
import { type SubscriptionChange } from './change.ts';
import { couponAfter, couponEndedEntries, type CouponFate, renewalCouponOf, soldAs } from './coupon-fate.ts';
import { type SubscriptionCoupon } from './coupon.ts';
import { decideLife } from './decide-life.ts';
import { documentOf } from './entitlement-document.ts';
import { exceededLimits, type UsageCounts } from './exceeded-limits.ts';
import { type SubscriptionMessage } from './messages.ts';
import { type Entitlement } from './plan.ts';
import { transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

export interface DueFacts {
  readonly subscription: Subscription;
  /** The change that waits for its day. */
  readonly scheduled: SubscriptionChange | null;
  /** What takes something off its periods until now. */
  readonly coupon: SubscriptionCoupon | null;
  /** Of the items as they will be. */
  readonly entitlements: readonly Entitlement[];
  /** What the account has counted of limited features; asked for where a change takes effect. */
  readonly usage: UsageCounts;
  readonly now: Date;
  readonly version: number;
}

export type DueDecision =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'settle';
      readonly subscription: Subscription;
      readonly change: SubscriptionChange | null;
      /** Null where nothing becomes of it. */
      readonly coupon: CouponFate | null;
      readonly messages: readonly SubscriptionMessage[];
      readonly audit: readonly AuditEntry[];
    };

/**
 * What falls due and needs no money. Everything is counted from the instant it was due, so that working it off late
 * gives the same dates. Renewals are not decided here.
 */
export const decideDue = (facts: DueFacts): DueDecision => {
  const { due } = facts.subscription;
  if (due === null || due.at > facts.now) return { kind: 'nothing' };
  switch (due.kind) {
    case 'renewal':
      return { kind: 'nothing' };
    case 'change':
      return facts.scheduled === null ? noChangeAfterAll(facts) : applyScheduled(facts, facts.scheduled, due.at);
    case 'cancellation':
      return ended(facts, 'cancel', due.at);
    case 'trial_end':
      return ended(facts, 'expire', due.at);
    case 'resume':
      return resumed(facts, due.at);
    default:
      return assertNever(due.kind);
  }
};

/**
 * It happens as it was agreed, also where more is in use by now than the new limits allow: nobody is charged for a plan
 * that was given up. The document says the new limits, so that nothing more is opened, and the record says what is over.
 */
const applyScheduled = (facts: DueFacts, scheduled: SubscriptionChange, at: Date): DueDecision => {
  const { subscription: before, version } = facts;
  const { currency } = before.price;
  const coupon = couponAfter(facts.coupon, { before: soldAs(before), after: { ...scheduled.target, currency } });
  const after = applyTarget(before, scheduled.target, {
    charge: money(0n, currency),
    taxRatePpm: null,
    renewalCoupon: renewalCouponOf(coupon),
    now: at,
    version,
  });
  const change: SubscriptionChange = { ...scheduled, status: 'applied', settledAt: at, version };
  const entry = changedEntry(change, before, after);
  const exceeded = exceededLimits(facts.usage, facts.entitlements);
  return {
    kind: 'settle',
    subscription: { ...after, updatedAt: facts.now },
    change,
    coupon,
    messages: [{ type: 'entitlements_changed', document: documentOf(after, facts.entitlements) }],
    audit: [
      exceeded.length === 0 ? entry : { ...entry, after: { ...entry.after, exceeded } },
      ...couponEndedEntries(coupon, before),
    ],
  };
};

/** It was undone while it fell due: what comes next is found anew. */
const noChangeAfterAll = ({ subscription, now, version }: DueFacts): DueDecision => ({
  kind: 'settle',
  subscription: settled({ ...subscription, version, updatedAt: now }),
  change: null,
  coupon: null,
  messages: [],
  audit: [],
});

const ended = (facts: DueFacts, trigger: 'cancel' | 'expire', at: Date): DueDecision => {
  const { subscription: before, now, version } = facts;
  const after = settled({
    ...before,
    status: transition(before.status, trigger),
    cancelAtPeriodEnd: false,
    cancelledAt: trigger === 'cancel' ? at : null,
    version,
    updatedAt: now,
  });
  return {
    kind: 'settle',
    subscription: after,
    change: null,
    coupon: null,
    messages: [{ type: 'entitlements_changed', document: documentOf(after, facts.entitlements) }],
    audit: [
      {
        action: trigger === 'cancel' ? 'subscription.cancelled' : 'subscription.trial_expired',
        subject: { type: 'subscription', id: before.id },
        accountId: before.accountId,
        before: { status: before.status },
        after: { status: after.status, accessUntil: after.accessUntil?.toISOString() ?? null },
      },
    ],
  };
};

const resumed = (facts: DueFacts, at: Date): DueDecision => {
  const { subscription, messages, audit } = decideLife({
    ...facts,
    step: { kind: 'resume' },
    open: null,
    replaced: null,
    holder: null,
    reason: null,
    now: at,
  });
  return { kind: 'settle', subscription, change: null, coupon: null, messages, audit };
};
