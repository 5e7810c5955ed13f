import {
  CouponChanged,
  CouponRefused,
  CouponReserved,
  fromApiMoney,
  type InvoicePaid,
  outgoing,
  type OutgoingMessage,
  PlanPublished,
  toApiMoney,
} from '@quittance/contracts';
import { assertNever } from '@quittance/kernel';
import { money } from '@quittance/money';
import { type z } from 'zod';

import { type PaidInvoice } from '../application/index.ts';
import { type Coupon, isExhausted } from '../domain/coupon.ts';
import { type CatalogMessage, type PlanPublishedMessage } from '../domain/messages.ts';
import { toApiDiscount } from '../to-api-discount.ts';

/** Domain message → event. */
export const toOutgoingMessage = (message: CatalogMessage): OutgoingMessage => {
  switch (message.type) {
    case 'plan_published':
      return toPlanPublished(message);
    case 'coupon_changed':
      return toCouponChanged(message.coupon);
    case 'coupon_reserved': {
      const { checkoutId, couponId } = message;
      return outgoing(CouponReserved, { subject: checkoutId, data: { checkoutId, couponId } });
    }
    case 'coupon_refused': {
      const { checkoutId, couponId, reason } = message;
      return outgoing(CouponRefused, { subject: checkoutId, data: { checkoutId, couponId, reason } });
    }
    default:
      return assertNever(message);
  }
};

export const fromEventInvoicePaid = (data: z.infer<typeof InvoicePaid.data>): PaidInvoice => ({
  invoiceId: data.invoiceId,
  kind: data.kind,
  accountId: data.accountId,
  currency: fromApiMoney(data.totals.total).currency,
  paidAt: data.paidAt === null ? null : new Date(data.paidAt),
  lines: data.lines.map(({ description, quantity, unitPrice }) => ({
    description,
    quantity,
    unitPrice: fromApiMoney(unitPrice),
  })),
});

/** Without the envelope. */
export const eventBytes = (message: CatalogMessage): number =>
  Buffer.byteLength(JSON.stringify(toOutgoingMessage(message).data));

const toCouponChanged = (coupon: Coupon): OutgoingMessage =>
  outgoing(CouponChanged, {
    subject: coupon.id,
    version: coupon.version,
    data: {
      couponId: coupon.id,
      code: coupon.code,
      discount: toApiDiscount(coupon.discount),
      duration: coupon.duration,
      status: coupon.status,
      exhausted: isExhausted(coupon),
      expiresAt: coupon.expiresAt?.toISOString() ?? null,
      planIds: [...coupon.planIds],
      currencies: [...coupon.currencies],
    },
  });

const toPlanPublished = ({ product, plan }: PlanPublishedMessage): OutgoingMessage => {
  const { current } = plan;
  return outgoing(PlanPublished, {
    subject: plan.id,
    version: plan.version,
    data: {
      planId: plan.id,
      planVersionId: current.id,
      versionNumber: current.number,
      status: plan.status === 'retired' ? 'retired' : 'published',
      productId: product.id,
      productKey: product.key,
      editionKey: plan.editionKey,
      key: plan.key,
      rank: current.rank,
      selfServe: current.selfServe,
      names: Object.fromEntries(Object.entries(current.texts).map(([language, { name }]) => [language, name])),
      prices: current.prices.map((price) => ({
        priceId: price.id,
        interval: price.interval,
        amount: toApiMoney(money(price.amountMinor, price.currency)),
        taxBehavior: price.taxBehavior,
        region: price.region,
      })),
      entitlements: [...current.entitlements],
      items: current.items.map(({ key, texts, models, quota, reset, overage }) => ({
        id: key,
        names: Object.fromEntries(Object.entries(texts).map(([language, { name }]) => [language, name])),
        models: [...models],
        quota,
        reset,
        overage,
      })),
      prorationBasis: current.prorationBasis,
      trialDays: current.trialDays,
      accountId: plan.accountId,
    },
  });
};
