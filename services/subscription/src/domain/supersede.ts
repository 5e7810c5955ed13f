import { type AuditEntry, type Id } from '@quittance/kernel';

import { type SubscriptionChange } from './change.ts';
import { nextCheckoutStatus } from './checkout-status.ts';
import { type Checkout } from './checkout.ts';
import { type SubscriptionMessage } from './messages.ts';
import { transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

/** An open checkout, and what it would pay for: a draft, or a change of a subscription that goes on without it. */
export interface OpenCheckout {
  readonly checkout: Checkout;
  readonly subscription: Subscription;
  readonly change: SubscriptionChange | null;
}

export interface Superseded {
  readonly checkout: Checkout;
  /** The draft that ends with it; null where it was for a change. */
  readonly draft: Subscription | null;
  readonly change: SubscriptionChange | null;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
}

/** Something took its place, or it was given up (`reason`): its invoice goes, and with it the draft or the change. */
export const supersede = (
  open: OpenCheckout,
  by: {
    readonly id: Id<'chk'> | Id<'chg'> | Id<'sub'>;
    readonly reason?: string;
    readonly now: Date;
    readonly version: number;
  },
): Superseded => {
  const { checkout, subscription, change } = open;
  const { now, version } = by;
  return {
    checkout: { ...checkout, status: nextCheckoutStatus(checkout.status, 'supersede'), version },
    draft: change === null ? { ...subscription, status: transition(subscription.status, 'abandon'), version } : null,
    change: change && { ...change, status: 'superseded', settledAt: now, version },
    messages: [
      {
        type: 'cancel_invoice',
        checkoutId: checkout.id,
        subscriptionId: checkout.subscriptionId,
        reason: by.reason ?? 'A newer wish took its place.',
      },
    ],
    audit: [
      {
        action: 'checkout.superseded',
        subject: { type: 'checkout', id: checkout.id },
        accountId: checkout.accountId,
        reason: by.reason ?? `Replaced by ${by.id}.`,
      },
    ],
  };
};
