import { type AuditEntry, type Id } from '@quittance/kernel';

import { type CheckoutTrigger, isOver, nextCheckoutStatus } from './checkout-status.ts';
import { type Checkout, type DeclineReason, type DueNow } from './checkout.ts';
import { canTransition, transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

/** The draft told what is due; the rail told where to pay. Whichever comes second makes the checkout `open`. */
export const withInvoice = (checkout: Checkout, invoiceId: Id<'inv'>, dueNow: DueNow): Checkout =>
  readyWhenComplete({ ...checkout, invoiceId, dueNow });

export const withOrder = (
  checkout: Checkout,
  order: { readonly id: Id<'ord'>; readonly payUrl: string; readonly payUntil: Date },
): Checkout => readyWhenComplete({ ...checkout, orderId: order.id, payUrl: order.payUrl, payUntil: order.payUntil });

const readyWhenComplete = (checkout: Checkout): Checkout =>
  checkout.dueNow && checkout.payUrl ? { ...checkout, status: nextCheckoutStatus(checkout.status, 'ready') } : checkout;

/** Keeps the latest decline; an older one that arrives late changes nothing. */
export const withDecline = (checkout: Checkout, reason: DeclineReason, at: Date): Checkout =>
  checkout.lastDecline && checkout.lastDecline.at >= at ? checkout : { ...checkout, lastDecline: { reason, at } };

export type EndDecision =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'end';
      readonly checkout: Checkout;
      readonly subscription: Subscription;
      readonly audit: readonly AuditEntry[];
    };

/** The checkout ends unpaid and its draft with it. Too late for one that is over: nothing. */
export const decideEnd = (
  checkout: Checkout,
  subscription: Subscription,
  end: {
    readonly trigger: Extract<CheckoutTrigger, 'lapse' | 'fail'>;
    readonly reason: string;
    readonly now: Date;
    readonly version: number;
  },
): EndDecision => {
  if (isOver(checkout.status) || !canTransition(subscription.status, 'abandon')) return { kind: 'nothing' };
  const status = nextCheckoutStatus(checkout.status, end.trigger);
  return {
    kind: 'end',
    checkout: { ...checkout, status, version: end.version },
    subscription: {
      ...subscription,
      status: transition(subscription.status, 'abandon'),
      version: end.version,
      updatedAt: end.now,
    },
    audit: [
      {
        action: `checkout.${status}`,
        subject: { type: 'checkout', id: checkout.id },
        accountId: checkout.accountId,
        reason: end.reason,
        after: { status },
      },
    ],
  };
};
