import {
  type ApiCheckoutSession,
  type ApiEntitlementDocument,
  type ApiSubscription,
  toApiMoney,
} from '@quittance/contracts';
import { type z } from 'zod';

import { type CheckoutView } from '../application/index.ts';
import { type DueNow } from '../domain/checkout.ts';
import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { type NextCharge, nextChargeOf, type Subscription, type SubscriptionItem } from '../domain/subscription.ts';

export const toApiCheckout = ({ checkout, subscription }: CheckoutView): z.infer<typeof ApiCheckoutSession> => ({
  id: checkout.id,
  status: checkout.status,
  accountId: checkout.accountId,
  planId: subscription.planId,
  planKey: subscription.planKey,
  productKey: subscription.productKey,
  planName: subscription.planName,
  interval: checkout.interval,
  rail: checkout.rail,
  subscriptionId: subscription.id,
  subscriptionStatus: subscription.status,
  invoiceId: checkout.invoiceId,
  orderId: checkout.orderId,
  dueNow: checkout.dueNow && toApiDueNow(checkout.dueNow),
  renewsAt: checkout.renewsAt?.toISOString() ?? null,
  // Once it is over the link leads nowhere useful, so it is not shown.
  payUrl: checkout.status === 'open' ? checkout.payUrl : null,
  payUntil: checkout.payUntil?.toISOString() ?? null,
  lastDecline: checkout.lastDecline && {
    reason: checkout.lastDecline.reason,
    at: checkout.lastDecline.at.toISOString(),
  },
  // Money that came after all has overruled it.
  failure: checkout.status === 'failed' ? checkout.failure : null,
  createdAt: checkout.createdAt.toISOString(),
});

const toApiDueNow = (due: DueNow) => ({
  lines: due.lines.map((line) => ({
    ...line,
    net: toApiMoney(line.net),
    tax: toApiMoney(line.tax),
    gross: toApiMoney(line.gross),
  })),
  subtotal: toApiMoney(due.subtotal),
  tax: toApiMoney(due.tax),
  total: toApiMoney(due.total),
  payNow: toApiMoney(due.payNow),
  carried: toApiMoney(due.carried),
});

export const toApiItems = (items: readonly SubscriptionItem[]) =>
  items.map(({ key, planId, name, quantity, unitPrice }) => ({
    key,
    planId,
    name,
    quantity,
    unitPrice: toApiMoney(unitPrice),
  }));

export const toApiSubscription = (subscription: Subscription): z.infer<typeof ApiSubscription> => ({
  id: subscription.id,
  accountId: subscription.accountId,
  productKey: subscription.productKey,
  planId: subscription.planId,
  planVersionId: subscription.planVersionId,
  planKey: subscription.planKey,
  planName: subscription.planName,
  status: subscription.status,
  interval: subscription.interval,
  items: toApiItems(subscription.items),
  price: toApiMoney(subscription.price),
  currentPeriod: subscription.period && {
    start: subscription.period.start.toISOString(),
    end: subscription.period.end.toISOString(),
  },
  nextCharge: toApiNextCharge(nextChargeOf(subscription)),
  accessUntil: subscription.accessUntil?.toISOString() ?? null,
  trialEnd: subscription.trialEnd?.toISOString() ?? null,
  fallsBackTo: subscription.status === 'trialing' ? subscription.replaces : null,
  cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
  cancelledAt: subscription.cancelledAt?.toISOString() ?? null,
  pause: subscription.pause && {
    since: subscription.pause.since.toISOString(),
    resumesAt: subscription.pause.resumesAt?.toISOString() ?? null,
  },
  renewalOwner: subscription.renewalOwner,
  version: subscription.version,
  createdAt: subscription.createdAt.toISOString(),
});

const toApiNextCharge = (next: NextCharge | null) =>
  next && { at: next.at.toISOString(), amount: toApiMoney(next.amount), withTax: next.withTax };

export const toApiEntitlementDocument = (document: EntitlementDocument): z.infer<typeof ApiEntitlementDocument> => ({
  accountId: document.accountId,
  productKey: document.productKey,
  subscriptionId: document.subscriptionId,
  planKey: document.planKey,
  status: document.status,
  accessUntil: document.accessUntil?.toISOString() ?? null,
  entitlements: [...document.entitlements],
  revision: document.revision,
});
