import { type AuditEntry } from '@quittance/kernel';

import { settled } from './begin-period.ts';
import { notHappenedEntry } from './change-audit.ts';
import { type SubscriptionChange } from './change.ts';
import { subscriptionFail } from './errors.ts';
import { type Subscription } from './subscription.ts';
import { type OpenCheckout, supersede, type Superseded } from './supersede.ts';

export interface UndoFacts {
  readonly subscription: Subscription;
  readonly change: SubscriptionChange;
  /** The account's open checkout for the product. */
  readonly open: OpenCheckout | null;
  readonly now: Date;
  readonly version: number;
}

export interface UndoDecision {
  readonly change: SubscriptionChange;
  readonly subscription: Subscription;
  /** The checkout that it waited at; its change is `change`. */
  readonly superseded: Superseded | null;
  readonly audit: readonly AuditEntry[];
}

const REASON = 'Undone on request.';

/** What waits for its day, or for its payment, does not happen. The entitlements were never touched by it. */
export const decideUndo = ({ subscription, change, open, now, version }: UndoFacts): UndoDecision => {
  const waits = change.status === 'scheduled' || change.status === 'awaiting_payment';
  if (!waits || change.subscriptionId !== subscription.id) {
    throw subscriptionFail('subscription.change_settled', `Change ${change.id} is ${change.status}.`, {
      details: { status: change.status },
    });
  }
  const undone: SubscriptionChange = { ...change, status: 'undone', settledAt: now, version };
  const seen = { ...subscription, version, updatedAt: now };
  const superseded =
    open?.change?.id === change.id ? supersede(open, { id: change.id, reason: REASON, now, version }) : null;
  return {
    change: undone,
    // What is not paid has changed nothing that falls due.
    subscription: change.status === 'scheduled' ? settled(seen) : seen,
    superseded: superseded && { ...superseded, change: null },
    audit: [notHappenedEntry(undone, REASON), ...(superseded?.audit ?? [])],
  };
};
