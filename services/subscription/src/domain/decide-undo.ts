import { type AuditEntry } from '@quittance/kernel';

import { settled } from './begin-period.ts';
import { notHappenedEntry } from './change-audit.ts';
import { type SubscriptionChange } from './change.ts';
import { subscriptionFail } from './errors.ts';
import { type Subscription } from './subscription.ts';

export interface UndoFacts {
  readonly subscription: Subscription;
  readonly change: SubscriptionChange;
  readonly now: Date;
  readonly version: number;
}

/** Only what waits for its day can be undone. The entitlements were never touched by it. */
export const decideUndo = ({ subscription, change, now, version }: UndoFacts) => {
  if (change.status !== 'scheduled' || change.subscriptionId !== subscription.id) {
    throw subscriptionFail('subscription.change_settled', `Change ${change.id} is ${change.status}.`, {
      details: { status: change.status },
    });
  }
  const undone: SubscriptionChange = { ...change, status: 'undone', settledAt: now, version };
  const audit: readonly AuditEntry[] = [notHappenedEntry(undone, 'Undone on request.')];
  return { change: undone, subscription: settled({ ...subscription, version, updatedAt: now }), audit };
};
