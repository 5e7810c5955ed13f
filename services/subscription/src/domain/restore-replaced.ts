import { type AuditEntry } from '@quittance/kernel';

import { settled } from './begin-period.ts';
import { documentOf } from './entitlement-document.ts';
import { type SubscriptionMessage } from './messages.ts';
import { type Entitlement } from './plan.ts';
import { transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

/** The free plan that a trial took the place of, as it stands now, and what its items give. */
export interface Replaced {
  readonly subscription: Subscription;
  readonly entitlements: readonly Entitlement[];
}

export interface Restored {
  readonly subscription: Subscription;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
}

/** A trial that ended without being paid for gives the place back: whoever tried a plan keeps what they had before. */
export const restoreReplaced = (trial: Subscription, replaced: Replaced | null): Restored | null => {
  if (replaced === null || (trial.status !== 'expired' && trial.status !== 'cancelled')) return null;
  const { subscription: before, entitlements } = replaced;
  if (before.status !== 'cancelled') return null;
  const subscription = settled({
    ...before,
    status: transition(before.status, 'restore'),
    cancelledAt: null,
    // The document of the trial that ended has the version before: this one is the newer.
    version: trial.version + 1,
    updatedAt: trial.updatedAt,
  });
  return {
    subscription,
    messages: [{ type: 'entitlements_changed', document: documentOf(subscription, entitlements) }],
    audit: [
      {
        action: 'subscription.restored',
        subject: { type: 'subscription', id: subscription.id },
        accountId: subscription.accountId,
        reason: `The trial ${trial.id} of ${trial.planKey} is over.`,
        before: { status: before.status },
        after: { status: subscription.status, planKey: subscription.planKey },
      },
    ],
  };
};
