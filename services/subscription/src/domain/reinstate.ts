import { RENEWAL_GRACE_MS } from './begin-period.ts';
import { SUSPENDED_AFTER_MS } from './decide-renewal-outcome.ts';
import { nextPeriodOf } from './decide-renewal.ts';
import { subscriptionFail } from './errors.ts';
import { stoodStill } from './stand-still.ts';
import { transition } from './subscription-status.ts';
import { type Period, type Subscription } from './subscription.ts';

/**
 * Access comes back. Time in which it was withheld is not charged for: a period that ran out meanwhile is stretched to
 * this moment, and the next one is counted from it. What Stripe renews keeps the period that Stripe counts.
 */
export const reinstate = (subscription: Subscription, now: Date): Subscription => {
  const { status, trialEnd, period, periodPaid, renewalOwner } = subscription;
  const inTrial = subscription.periodKind === 'trial' && trialEnd !== null;
  const paidIsOver = period === null ? periodPaid.amountMinor > 0n : period.end <= now || inTrial;
  if (status === 'cancelled' && paidIsOver) {
    throw subscriptionFail('subscription.period_over', `What was paid for ${subscription.id} is over.`);
  }
  const unpaid = unpaidPeriodOf(subscription);
  if (unpaid !== null) return reinstateOwing(subscription, unpaid, now);
  const back: Subscription = {
    ...subscription,
    status: transition(status, inTrial && status === 'suspended' ? 'reinstate_trial' : 'reinstate'),
    cancelledAt: null,
    pause: null,
    renewingFrom: null,
  };
  const ranOut = renewalOwner === 'platform' && period !== null && period.end <= now && !inTrial;
  return ranOut ? stoodStill(back, stretchMs(subscription, period.end, now)) : back;
};

/** Another period than the one that was invoiced, also where both would begin at the same instant. */
const stretchMs = ({ renewingFrom }: Subscription, end: Date, now: Date): number =>
  Math.max(now.getTime() - end.getTime(), renewingFrom === null ? 0 : 1);

/** The period whose invoice is open, where there was access in it before it was withheld: that has to be paid. */
const unpaidPeriodOf = (subscription: Subscription): Period | null => {
  const { renewingFrom, suspendedAt } = subscription;
  if (renewingFrom === null || suspendedAt === null || suspendedAt <= renewingFrom) return null;
  return nextPeriodOf(subscription);
};

/**
 * Its invoice stays open. Access lasts as long as that of any other that owes; where that day has passed, for the days of
 * grace. An unpaid period that has run out as well is stretched to this moment when it begins.
 */
const reinstateOwing = (subscription: Subscription, { start, end }: Period, now: Date): Subscription => {
  const untilMs = Math.max(subscription.accessUntil?.getTime() ?? 0, start.getTime() + SUSPENDED_AFTER_MS);
  const stretchedMs = Math.max(0, now.getTime() - end.getTime());
  return {
    ...subscription,
    status: transition(subscription.status, 'reinstate_owing'),
    accessUntil: new Date(untilMs > now.getTime() ? untilMs : now.getTime() + RENEWAL_GRACE_MS),
    periodCountedFrom: new Date(start.getTime() + stretchedMs),
  };
};
