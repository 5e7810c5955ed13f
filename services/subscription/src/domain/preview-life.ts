import { type Id } from '@quittance/kernel';
import { type Money, money } from '@quittance/money';

import { type SubscriptionChange } from './change.ts';
import { decideLife, type LifeFacts } from './decide-life.ts';
import { type MeasureFacts } from './period-measure.ts';
import { type Subscription } from './subscription.ts';
import { unusedPart } from './unused-part.ts';

export interface LifePreview {
  /** As the step will leave it. */
  readonly after: Subscription;
  /** When access ends by it; null while it goes on. */
  readonly accessEndsAt: Date | null;
  /** What was paid for time that is given up; no step pays anything back. */
  readonly notRefunded: Money;
  /** The scheduled change that will not happen. */
  readonly undone: SubscriptionChange | null;
  /** The open checkout that can no longer be paid. */
  readonly supersededCheckoutId: Id<'chk'> | null;
  /** Where the period begins whose open invoice will be void. */
  readonly voidsRenewalFrom: Date | null;
  /** The free plan that is there again, whose place a trial took. */
  readonly restored: Subscription | null;
  /** The free plan that gives its place to what is reinstated. */
  readonly displaced: Subscription | null;
}

/** What a step of its life would do: the very decision, stopped before anything is written. */
export const previewLife = (facts: LifeFacts, basis: MeasureFacts['basis']): LifePreview => {
  const { subscription: before, now } = facts;
  const { subscription: after, undone, superseded, restored, displaced } = decideLife(facts);
  return {
    after: { ...after, version: before.version },
    accessEndsAt: accessEndsAt(after, now),
    notRefunded:
      after.status === 'cancelled'
        ? unusedPart(before, { at: before.pause?.since ?? now, basis })
        : money(0n, before.price.currency),
    undone,
    supersededCheckoutId: superseded?.checkout.id ?? null,
    voidsRenewalFrom: after.renewingFrom === null ? before.renewingFrom : null,
    displaced: displaced && facts.holder && { ...displaced, version: facts.holder.version },
    restored: restored && facts.replaced && { ...restored, version: facts.replaced.subscription.version },
  };
};

/** What renews goes on, and so does what is to be paid still; a pause and a suspension deny at once, whatever was paid for. */
const accessEndsAt = ({ status, accessUntil, cancelAtPeriodEnd }: Subscription, now: Date): Date | null => {
  if (status === 'active') return cancelAtPeriodEnd ? accessUntil : null;
  if (status === 'past_due') return null;
  return status === 'trialing' ? accessUntil : now;
};
