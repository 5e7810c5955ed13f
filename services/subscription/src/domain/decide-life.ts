import { assertNever, type AuditEntry } from '@quittance/kernel';

import { settled } from './begin-period.ts';
import { movedEntry, notHappenedEntry } from './change-audit.ts';
import { type SubscriptionChange } from './change.ts';
import { couponAfter, renewalCouponOf, soldAs } from './coupon-fate.ts';
import { type SubscriptionCoupon } from './coupon.ts';
import { renewalIdOf } from './decide-renewal.ts';
import { documentOf } from './entitlement-document.ts';
import { subscriptionFail } from './errors.ts';
import { type LifeStep } from './life-step.ts';
import { type SubscriptionMessage } from './messages.ts';
import { moveWithPeriod } from './move-with-period.ts';
import { type Entitlement } from './plan.ts';
import { refuseStep } from './refuse-step.ts';
import { reinstate } from './reinstate.ts';
import { versionOver } from './replaced.ts';
import { type Replaced, restoreReplaced } from './restore-replaced.ts';
import { stoodStill } from './stand-still.ts';
import { transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';
import { type OpenCheckout, supersede, type Superseded } from './supersede.ts';
import { takePlace } from './take-place.ts';

export interface LifeFacts {
  readonly subscription: Subscription;
  readonly step: LifeStep;
  readonly scheduled: SubscriptionChange | null;
  /** What takes something off its periods until now. */
  readonly coupon: SubscriptionCoupon | null;
  /** An open checkout that would change it. */
  readonly open: OpenCheckout | null;
  /** What a trial took the place of. */
  readonly replaced: Replaced | null;
  /** Another one that has the place by now of what was cancelled and is to be reinstated. */
  readonly holder: Subscription | null;
  readonly entitlements: readonly Entitlement[];
  readonly reason: string | null;
  readonly now: Date;
  readonly version: number;
}

export interface LifeDecision {
  readonly subscription: Subscription;
  /** The scheduled change that ends with it. */
  readonly undone: SubscriptionChange | null;
  /** The scheduled change, on the day that it has now that its period ends later. */
  readonly moved: SubscriptionChange | null;
  readonly superseded: Superseded | null;
  /** The free plan that is there again. */
  readonly restored: Subscription | null;
  /** The free plan that gives its place to what is reinstated. */
  readonly displaced: Subscription | null;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
}

/** Cancel, pause, resume, suspend, reinstate. What is illegal in the present status is refused. */
export const decideLife = (facts: LifeFacts): LifeDecision => {
  const { subscription: before, step, now, version } = facts;
  refuseStep(before, step);
  const { after, action, ends } = take(facts);
  const undone: SubscriptionChange | null =
    ends === 'changes' && facts.scheduled ? { ...facts.scheduled, status: 'undone', settledAt: now, version } : null;
  const waits = undone === null ? scheduledAfter(facts, after) : null;
  const superseded =
    ends !== 'nothing' && facts.open?.change ? supersede(facts.open, { id: before.id, now, version }) : null;
  const displaced = takePlace(after, facts.holder, { now, version });
  const subscription = settled(
    { ...after, version: versionOver(facts.holder, version), updatedAt: now },
    waits && { ...waits, renewalCoupon: couponUnder(facts, waits) },
  );
  const moved = waits === facts.scheduled ? null : waits;
  const restored = restoreReplaced(subscription, facts.replaced);
  return {
    subscription,
    undone,
    moved,
    superseded,
    restored: restored?.subscription ?? null,
    displaced: displaced?.subscription ?? null,
    messages: [
      { type: 'entitlements_changed', document: documentOf(subscription, facts.entitlements) },
      ...givenUp(before, subscription, step),
      ...(superseded?.messages ?? []),
      ...(restored?.messages ?? []),
    ],
    audit: [
      {
        action,
        subject: { type: 'subscription', id: before.id },
        accountId: before.accountId,
        ...(facts.reason === null ? {} : { reason: facts.reason }),
        before: stateOf(before),
        after: stateOf(subscription),
      },
      ...(undone === null ? [] : [notHappenedEntry(undone, `The subscription was told to ${step.kind}.`)]),
      ...(moved === null ? [] : [movedEntry(moved)]),
      ...(superseded?.audit ?? []),
      ...(restored?.audit ?? []),
      ...(displaced === null ? [] : [displaced.audit]),
    ],
  };
};

const scheduledAfter = ({ scheduled, version }: LifeFacts, { period }: Subscription): SubscriptionChange | null =>
  scheduled && (period === null ? scheduled : moveWithPeriod(scheduled, period, version));

/** What is left of the coupon when the scheduled change has taken effect. */
const couponUnder = ({ subscription, coupon }: LifeFacts, { target }: SubscriptionChange) => {
  const after = { ...target, currency: subscription.price.currency };
  return renewalCouponOf(couponAfter(coupon, { before: soldAs(subscription), after }));
};

/** An open renewal that this step ended: nobody collects it any more, and what is paid anyway is told to a person. */
const givenUp = (
  { id, renewingFrom }: Subscription,
  after: Subscription,
  step: LifeStep,
): readonly SubscriptionMessage[] => {
  if (renewingFrom === null || after.renewingFrom !== null) return [];
  return [
    {
      type: 'cancel_renewal_invoice',
      renewalId: renewalIdOf({ id }, renewingFrom),
      subscriptionId: id,
      periodStart: renewingFrom,
      reason: `The subscription was told to ${step.kind}.`,
    },
  ];
};

const stateOf = ({ status, suspendedBy, cancelAtPeriodEnd, accessUntil, pause, period }: Subscription) => ({
  status,
  ...(suspendedBy === null ? {} : { suspendedBy }),
  cancelAtPeriodEnd,
  accessUntil: accessUntil?.toISOString() ?? null,
  periodEnd: period?.end.toISOString() ?? null,
  resumesAt: pause?.resumesAt?.toISOString() ?? null,
});

interface Taken {
  readonly after: Subscription;
  readonly action: `subscription.${string}`;
  /** `changes`: what was to change, does not any more. `unpaid`: only what waits to be paid. */
  readonly ends: 'changes' | 'unpaid' | 'nothing';
}

const take = (facts: LifeFacts): Taken => {
  const { subscription, step, now } = facts;
  switch (step.kind) {
    case 'cancel':
      return step.when === 'now' ? cancelNow(facts) : cancelLater(subscription);
    case 'resume':
      return subscription.status === 'paused' ? resumePaused(subscription, now) : undoCancellation(subscription);
    case 'pause':
      return pause(subscription, step.resumesAt, now);
    case 'suspend':
      return suspend(subscription, now);
    case 'reinstate':
      return { after: reinstate(subscription, now), action: 'subscription.reinstated', ends: 'nothing' };
    default:
      return assertNever(step);
  }
};

const cancelNow = ({ subscription, now }: LifeFacts): Taken => ({
  after: {
    ...subscription,
    status: transition(subscription.status, 'cancel'),
    cancelAtPeriodEnd: false,
    cancelledAt: now,
    pause: null,
    renewingFrom: null,
  },
  action: 'subscription.cancelled',
  ends: 'changes',
});

/** Nothing renews and everything stays until the end of what was paid; without a period there is nothing to wait for. */
const cancelLater = (subscription: Subscription): Taken => {
  transition(subscription.status, 'cancel');
  if (subscription.status !== 'active' || subscription.period === null) {
    throw subscriptionFail(
      'subscription.illegal_transition',
      `A subscription that is ${subscription.status}${subscription.period === null ? ' and has no period' : ''} cannot end with its period; cancel it now.`,
      { details: { status: subscription.status, trigger: 'cancel' } },
    );
  }
  return {
    after: { ...subscription, cancelAtPeriodEnd: true },
    action: 'subscription.cancellation_scheduled',
    ends: 'changes',
  };
};

const undoCancellation = (subscription: Subscription): Taken => {
  if (subscription.status === 'active' && subscription.cancelAtPeriodEnd) {
    return {
      after: { ...subscription, cancelAtPeriodEnd: false },
      action: 'subscription.resumed',
      ends: 'nothing',
    };
  }
  throw subscriptionFail(
    'subscription.illegal_transition',
    subscription.status === 'active'
      ? `Subscription ${subscription.id} goes on anyway: there is no pause and no cancellation to undo.`
      : `A subscription that is ${subscription.status} cannot resume: only a pause or a cancellation to come is undone.`,
    { details: { status: subscription.status, trigger: 'resume' } },
  );
};

/** Access ends at once and the period stands still: what is left of it comes back with `resume`. */
const pause = (subscription: Subscription, resumesAt: Date | null, now: Date): Taken => {
  if (resumesAt !== null && resumesAt <= now) {
    throw subscriptionFail('subscription.resume_in_past', `${resumesAt.toISOString()} is not in the future.`);
  }
  return {
    after: {
      ...subscription,
      status: transition(subscription.status, 'pause'),
      pause: { since: now, resumesAt },
    },
    action: 'subscription.paused',
    ends: 'changes',
  };
};

const suspend = (subscription: Subscription, now: Date): Taken => ({
  after: {
    ...awoken(subscription, now),
    status: transition(subscription.status, 'suspend'),
    suspendedBy: 'operator',
    suspendedAt: now,
  },
  action: 'subscription.suspended',
  // What was agreed for the end of the period still is when access comes back; nobody can pay for a change meanwhile.
  ends: 'unpaid',
});

const awoken = (subscription: Subscription, now: Date): Subscription => {
  const { pause: paused } = subscription;
  if (paused === null) return subscription;
  return { ...stoodStill(subscription, Math.max(0, now.getTime() - paused.since.getTime())), pause: null };
};

const resumePaused = (subscription: Subscription, now: Date): Taken => ({
  after: { ...awoken(subscription, now), status: transition(subscription.status, 'resume') },
  action: 'subscription.resumed',
  ends: 'nothing',
});
