import {
  EntitlementsChanged,
  CancelInvoice,
  CancelRenewalInvoice,
  type IncomingMessage,
  type InvoiceCollectionFailed,
  fromApiMoney,
  OpenInvoice,
  outgoing,
  type OutgoingMessage,
  type PlanPublished,
  type LegacySubscriptionReported,
  RecheckOrder,
  SubscriptionBeat,
  toApiMoney,
  type InvoiceDrafted,
} from '@quittance/contracts';
import { assertNever, must } from '@quittance/kernel';
import { type Money } from '@quittance/money';
import { type z } from 'zod';

import { type MirrorReport, type ToldMissed, type ToldPaid } from '../application/index.ts';
import { type DueNow } from '../domain/checkout.ts';
import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';
import { type Plan } from '../domain/plan.ts';
import { type Period } from '../domain/subscription.ts';
import { toCouponMessage, withDiscount } from './convert-coupon.ts';
import { toImportMessage } from './convert-import.ts';

/** Domain message → event or command. Commands derive their id from the intent, so that a retry is the same command. */
export const toOutgoingMessage = (message: SubscriptionMessage): OutgoingMessage => {
  switch (message.type) {
    case 'open_invoice':
      return toOpenInvoice(message);
    case 'open_renewal_invoice':
      return toOpenRenewalInvoice(message);
    case 'cancel_invoice':
      return outgoing(CancelInvoice, {
        id: `${message.checkoutId}:cancel-invoice`,
        subject: message.checkoutId,
        data: { checkoutId: message.checkoutId, subscriptionId: message.subscriptionId, reason: message.reason },
      });
    case 'cancel_renewal_invoice': {
      const { renewalId, subscriptionId, periodStart, reason } = message;
      return outgoing(CancelRenewalInvoice, {
        id: `${renewalId}:cancel-invoice`,
        subject: subscriptionId,
        data: { subscriptionId, periodStart: periodStart.toISOString(), reason },
      });
    }
    case 'recheck_order':
      return outgoing(RecheckOrder, {
        id: `${message.checkoutId}:recheck:${message.requestId}`,
        subject: message.orderId,
        data: { orderId: message.orderId },
      });
    case 'reserve_coupon':
    case 'confirm_coupon':
    case 'release_coupon':
    case 'open_discounted_invoice':
      return toCouponMessage(message);
    case 'remember_buyer':
    case 'keep_method':
      return toImportMessage(message);
    case 'entitlements_changed':
      return toEntitlementsChanged(message.document);
    case 'beat':
      return outgoing(SubscriptionBeat, {
        subject: 'subscription',
        version: message.at.getTime(),
        data: { beatAt: message.at.toISOString() },
      });
    default:
      return assertNever(message);
  }
};

type OpenInvoiceMessage = Extract<SubscriptionMessage, { type: 'open_invoice' }>;

/** The data of the command, to be kept until the coupon is held. */
export const toDiscountedInvoice = (
  message: OpenInvoiceMessage,
  coupon: { readonly code: string; readonly discount: Money },
): z.infer<typeof OpenInvoice.data> => {
  const data = OpenInvoice.data.parse(toOpenInvoice(message).data);
  // The lines of a change have it taken off already, as its preview showed them.
  return message.kind === 'plan_change' ? data : withDiscount(data, coupon);
};

const toOpenInvoice = (message: OpenInvoiceMessage): OutgoingMessage =>
  outgoing(OpenInvoice, {
    id: `${message.intent}:open-invoice`,
    subject: message.subscriptionId,
    data: {
      kind: message.kind,
      accountId: message.accountId,
      productId: message.productId,
      subscriptionId: message.subscriptionId,
      checkoutId: message.checkoutId,
      changeId: message.changeId,
      currency: message.currency,
      period: toApiPeriod(message.period),
      lines: message.lines.map((line) => ({
        ...line,
        unitPrice: toApiMoney(line.unitPrice),
        period: toApiPeriod(line.period),
      })),
      buyerCountry: message.country,
      ...(message.language === null ? {} : { language: message.language }),
      collect: message.collect,
    },
  });

/** Every item is a line; who the buyer is, and where, is known from before. */
const toOpenRenewalInvoice = (
  message: Extract<SubscriptionMessage, { type: 'open_renewal_invoice' }>,
): OutgoingMessage => {
  const { renewalId, subscription, coupon } = message;
  const period = toApiPeriod(message.period);
  const full: z.infer<typeof OpenInvoice.data> = {
    kind: 'renewal',
    accountId: subscription.accountId,
    productId: subscription.productId,
    subscriptionId: subscription.id,
    checkoutId: null,
    changeId: null,
    currency: subscription.price.currency,
    period,
    lines: subscription.items.map(({ name, quantity, unitPrice, taxBehavior }) => ({
      description: name,
      quantity,
      unitPrice: toApiMoney(unitPrice),
      taxBehavior,
      period,
    })),
    buyerCountry: null,
    collect: { kind: 'automatic' },
  };
  const data = coupon === null ? full : withDiscount(full, coupon);
  return outgoing(OpenInvoice, { id: `${renewalId}:open-invoice`, subject: subscription.id, data });
};

const toEntitlementsChanged = (document: EntitlementDocument): OutgoingMessage =>
  outgoing(EntitlementsChanged, {
    subject: `${document.accountId}/${document.productKey}`,
    version: document.revision,
    data: {
      accountId: document.accountId,
      productId: document.productId,
      productKey: document.productKey,
      subscriptionId: document.subscriptionId,
      planId: document.planId,
      planKey: document.planKey,
      status: document.status,
      accessUntil: document.accessUntil?.toISOString() ?? null,
      entitlements: [...document.entitlements],
    },
  });

const toApiPeriod = (period: Period) => ({ start: period.start.toISOString(), end: period.end.toISOString() });

export const fromEventPeriod = (period: { readonly start: string; readonly end: string }): Period => ({
  start: new Date(period.start),
  end: new Date(period.end),
});

/**
 * Quantity × unit price of its lines is what was paid in the words of the price list; one invoice has one rate. What it
 * takes over from an earlier invoice is no part of the price.
 */
export const fromEventSettled = ({ lines, currency }: z.infer<typeof InvoiceDrafted.data>) => {
  const billed = lines.filter(({ carriedFrom }) => carriedFrom === undefined);
  const first = must(billed[0], 'a line of the settled invoice');
  const stated = billed.map((line) => line.unitPrice.amount * line.quantity).reduce((left, right) => left + right, 0);
  return { paid: fromApiMoney({ amount: stated, currency }), taxRatePpm: first.taxRatePpm };
};

const toldBy = ({ id, actor, correlationId }: IncomingMessage<unknown>) => ({ correlationId, cause: { id, actor } });

export const fromEventRenewalSettled = (message: IncomingMessage<z.infer<typeof InvoiceDrafted.data>>): ToldPaid => ({
  subscriptionId: message.data.subscriptionId,
  period: fromEventPeriod(message.data.period),
  ...fromEventSettled(message.data),
  replayed: message.replayed,
  ...toldBy(message),
});

export const fromEventCollectionFailed = (
  message: IncomingMessage<z.infer<typeof InvoiceCollectionFailed.data>>,
): ToldMissed => {
  const { subscriptionId, period, attempt, reason, failedAt } = message.data;
  return {
    subscriptionId,
    period: fromEventPeriod(period),
    attempt,
    reason,
    failedAt: new Date(failedAt),
    ...toldBy(message),
  };
};

export const fromEventPlanPublished = (data: z.infer<typeof PlanPublished.data>): Plan => ({
  planId: data.planId,
  planVersionId: data.planVersionId,
  status: data.status,
  productId: data.productId,
  productKey: data.productKey,
  key: data.key,
  selfServe: data.selfServe,
  names: data.names,
  prices: data.prices.map((price) => ({ ...price, amount: fromApiMoney(price.amount) })),
  entitlements: data.entitlements,
  rank: data.rank,
  items: data.items,
  prorationBasis: data.prorationBasis,
  trialDays: data.trialDays,
  accountId: data.accountId,
});

export const fromEventDueNow = (data: z.infer<typeof InvoiceDrafted.data>): DueNow => ({
  lines: data.lines.map((line) => ({
    description: line.description,
    quantity: line.quantity,
    net: fromApiMoney(line.net),
    tax: fromApiMoney(line.tax),
    gross: fromApiMoney(line.gross),
    taxRatePpm: line.taxRatePpm,
    taxReason: line.taxReason,
  })),
  subtotal: fromApiMoney(data.totals.subtotal),
  tax: fromApiMoney(data.totals.tax),
  total: fromApiMoney(data.totals.total),
  ...collectedOf(data),
});

const collectedOf = ({ status, totals: { total } }: z.infer<typeof InvoiceDrafted.data>) => {
  const nothing = { amount: 0, currency: total.currency };
  const [payNow, carried] = status === 'carried' ? [nothing, total] : [total, nothing];
  return { payNow: fromApiMoney(payNow), carried: fromApiMoney(carried) };
};

/** An unpaid subscription has no access, as a suspended one; a price at Stripe says nothing of tax on top. */
export const fromEventLegacyReported = (
  data: z.infer<typeof LegacySubscriptionReported.data>,
  version: number,
): MirrorReport => ({
  version,
  productKey: data.productKey,
  planKey: data.planKey,
  pricedAs: data.planFrom === 'price' ? 'plan' : 'unknown',
  priceReference: data.priceReference ?? null,
  report: {
    source: data.provider,
    reference: data.reference,
    accountId: data.accountId,
    country: null,
    status: data.status === 'unpaid' ? 'suspended' : data.status,
    interval: data.interval,
    quantity: data.quantity,
    unitPrice: fromApiMoney(data.unitPrice),
    taxBehavior: 'inclusive',
    startedAt: new Date(data.anchorAt),
    anchorAt: new Date(data.anchorAt),
    period: fromEventPeriod(data.period),
    cancelAtPeriodEnd: data.cancelAtPeriodEnd,
    endedAt: data.endedAt === null ? null : new Date(data.endedAt),
    renewalOwner: 'stripe',
  },
});
