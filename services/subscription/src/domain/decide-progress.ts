import { type AuditEntry, type Id } from '@quittance/kernel';

import { notHappenedEntry } from './change-audit.ts';
import { type SubscriptionChange } from './change.ts';
import { type CheckoutTrigger, isOver, nextCheckoutStatus } from './checkout-status.ts';
import { type Checkout, type CheckoutFailure, type DeclineReason, type DueNow } from './checkout.ts';
import { canTransition, transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';
import { type OpenCheckout } from './supersede.ts';

/** The draft told what is due; the rail told where to pay. Whichever comes second makes the checkout `open`. */
export const withInvoice = (checkout: Checkout, invoiceId: Id<'inv'>, dueNow: DueNow): Checkout =>
  readyWhenComplete({ ...checkout, invoiceId, dueNow });

export const withOrder = (
  checkout: Checkout,
  order: { readonly id: Id<'ord'>; readonly payUrl: string; readonly payUntil: Date },
): Checkout => readyWhenComplete({ ...checkout, orderId: order.id, payUrl: order.payUrl, payUntil: order.payUntil });

/** A checkout that was settled without a draft, at once, is told what it came to with the news of its end. */
export const withSettledInvoice = (checkout: Checkout, invoiceId: Id<'inv'>, dueNow: DueNow): Checkout => ({
  ...checkout,
  invoiceId: checkout.invoiceId ?? invoiceId,
  dueNow: checkout.dueNow ?? dueNow,
});

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
      /** The draft that ends with it; null where it was for a change. */
      readonly draft: Subscription | null;
      /** The change that will not happen; null where it was for a draft. */
      readonly change: SubscriptionChange | null;
      readonly audit: readonly AuditEntry[];
    };

export type Ending =
  | { readonly trigger: Extract<CheckoutTrigger, 'lapse'>; readonly reason: string }
  | { readonly trigger: Extract<CheckoutTrigger, 'fail'>; readonly failure: CheckoutFailure };

interface End {
  readonly ending: Ending;
  readonly now: Date;
  readonly version: number;
}

/** The checkout ends unpaid, and its draft or change with it. Too late for one that is over: nothing. */
export const decideEnd = ({ checkout, subscription, change }: OpenCheckout, end: End): EndDecision => {
  if (isOver(checkout.status)) return { kind: 'nothing' };
  if (change === null && !canTransition(subscription.status, 'abandon')) return { kind: 'nothing' };
  const { ending } = end;
  const status = nextCheckoutStatus(checkout.status, ending.trigger);
  const failure = ending.trigger === 'fail' ? ending.failure : null;
  const reason = reasonOf(ending);
  const lapsed: SubscriptionChange | null =
    change?.status === 'awaiting_payment'
      ? { ...change, status: 'lapsed', settledAt: end.now, version: end.version }
      : null;
  return {
    kind: 'end',
    checkout: { ...checkout, status, failure, version: end.version },
    draft:
      change === null
        ? {
            ...subscription,
            status: transition(subscription.status, 'abandon'),
            version: end.version,
            updatedAt: end.now,
          }
        : null,
    change: lapsed,
    audit: [
      {
        action: `checkout.${status}`,
        subject: { type: 'checkout', id: checkout.id },
        accountId: checkout.accountId,
        reason,
        after: { status, ...(failure === null ? {} : { code: failure.code }) },
      },
      ...(lapsed === null ? [] : [notHappenedEntry(lapsed, reason)]),
    ],
  };
};

export const reasonOf = (ending: Ending): string =>
  ending.trigger === 'fail' ? ending.failure.message : ending.reason;
