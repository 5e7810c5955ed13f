import { must } from '@quittance/kernel';
import { z } from 'zod';

import { SUBSCRIPTION_STATUSES } from '../domain/subscription-status.ts';
import {
  DUE_KINDS,
  PERIOD_KINDS,
  RENEWAL_OWNERS,
  SUSPENDED_BY,
  type Subscription,
  type SubscriptionItem,
} from '../domain/subscription.ts';
import { Discount, toDiscountJson } from './discount-json.ts';
import { type Prisma, type Subscription as SubscriptionRow } from './generated/client.ts';
import { account, amount, id, Interval, TaxBehavior } from './row-values.ts';

const JsonItems = z.array(
  z.strictObject({
    key: z.string(),
    planId: z.string().nullable(),
    planVersionId: z.string().nullable(),
    name: z.string(),
    quantity: z.int().positive(),
    /** Minor units as a decimal string, because JSON has no bigint; the currency is the row's. */
    unitPriceMinor: z.string(),
    taxBehavior: TaxBehavior,
  }),
);

const JsonRenewalCoupon = z.strictObject({ code: z.string(), discount: Discount }).nullable();

export const fromJsonItems = (json: unknown, currency: string): readonly SubscriptionItem[] =>
  JsonItems.parse(json).map(({ planId, planVersionId, unitPriceMinor, ...item }) => ({
    ...item,
    planId: planId === null ? null : id('pln', planId),
    planVersionId: planVersionId === null ? null : id('plv', planVersionId),
    unitPrice: amount(BigInt(unitPriceMinor), currency),
  }));

export const toJsonItems = (items: readonly SubscriptionItem[]): Prisma.InputJsonArray =>
  items.map(({ unitPrice, ...item }) => ({ ...item, unitPriceMinor: unitPrice.amountMinor.toString() }));

export const fromRowSubscription = (row: SubscriptionRow): Subscription => ({
  id: id('sub', row.id),
  accountId: account(row.accountId),
  productId: id('prd', row.productId),
  productKey: row.productKey,
  planId: id('pln', row.planId),
  planVersionId: id('plv', row.planVersionId),
  planKey: row.planKey,
  planName: row.planName,
  status: z.enum(SUBSCRIPTION_STATUSES).parse(row.status),
  interval: Interval.parse(row.interval),
  items: itemsOf(row),
  price: amount(row.priceMinor, row.currency),
  renewalTotal: row.renewalMinor === null ? null : amount(row.renewalMinor, row.currency),
  renewalPrice: row.renewalPriceMinor === null ? null : amount(row.renewalPriceMinor, row.currency),
  renewalCoupon: JsonRenewalCoupon.parse(row.renewalCoupon),
  changeChargesAt: row.changeChargesAt,
  anchorAt: row.anchorAt,
  period: row.periodStart && row.periodEnd && { start: row.periodStart, end: row.periodEnd },
  periodKind: z.enum(PERIOD_KINDS).parse(row.periodKind),
  periodPaid: amount(row.periodPaidMinor, row.currency),
  periodCountedFrom: row.periodCountedFrom,
  taxRatePpm: row.taxRatePpm,
  accessUntil: row.accessUntil,
  trialEnd: row.trialEnd,
  language: row.language,
  country: row.country,
  replaces: row.replacesId === null ? null : id('sub', row.replacesId),
  cancelAtPeriodEnd: row.cancelAtPeriodEnd,
  cancelledAt: row.cancelledAt,
  pause: row.pausedAt && { since: row.pausedAt, resumesAt: row.resumesAt },
  suspendedBy: suspendedByOf(row),
  // A release that did not say since when wrote it last when it was suspended.
  suspendedAt: row.status === 'suspended' ? (row.suspendedAt ?? row.updatedAt) : null,
  renewalOwner: z.enum(RENEWAL_OWNERS).parse(row.renewalOwner),
  renewingFrom: renewingFromOf(row),
  due: row.dueAt && { at: row.dueAt, kind: z.enum(DUE_KINDS).parse(must(row.dueKind, 'what falls due')) },
  version: Number(row.version),
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

/** A release that did not say who suspends did it for an operator, or because Stripe said that it was unpaid. */
const suspendedByOf = ({ status, suspendedBy, renewalOwner }: SubscriptionRow): Subscription['suspendedBy'] => {
  if (status !== 'suspended') return null;
  if (suspendedBy === null) return renewalOwner === 'stripe' ? 'balance' : 'operator';
  return z.enum(SUSPENDED_BY).parse(suspendedBy);
};

/** Only the period after the present one can be open. A release that did not say so had nothing due meanwhile. */
const renewingFromOf = ({ status, periodEnd, renewingFrom, dueAt, renewalOwner }: SubscriptionRow): Date | null => {
  const unsaid = status === 'active' && dueAt === null && renewalOwner === 'platform';
  return unsaid || renewingFrom?.getTime() === periodEnd?.getTime() ? periodEnd : null;
};

/** A row of a release that knew no items is its plan, once. */
const itemsOf = (row: SubscriptionRow): readonly SubscriptionItem[] => {
  const items = fromJsonItems(row.items, row.currency);
  if (items.length > 0) return items;
  return [
    {
      key: row.planKey,
      planId: id('pln', row.planId),
      planVersionId: id('plv', row.planVersionId),
      name: row.planName,
      quantity: 1,
      unitPrice: amount(row.priceMinor, row.currency),
      taxBehavior: 'exclusive',
    },
  ];
};

export const toRowSubscription = (subscription: Subscription) => ({
  id: subscription.id,
  accountId: subscription.accountId,
  productId: subscription.productId,
  productKey: subscription.productKey,
  planId: subscription.planId,
  planVersionId: subscription.planVersionId,
  planKey: subscription.planKey,
  planName: subscription.planName,
  status: subscription.status,
  interval: subscription.interval,
  items: toJsonItems(subscription.items),
  priceMinor: subscription.price.amountMinor,
  currency: subscription.price.currency,
  renewalMinor: subscription.renewalTotal?.amountMinor ?? null,
  renewalPriceMinor: subscription.renewalPrice?.amountMinor ?? null,
  renewalCoupon: subscription.renewalCoupon && {
    code: subscription.renewalCoupon.code,
    discount: toDiscountJson(subscription.renewalCoupon.discount),
  },
  changeChargesAt: subscription.changeChargesAt,
  anchorAt: subscription.anchorAt,
  periodStart: subscription.period?.start ?? null,
  periodEnd: subscription.period?.end ?? null,
  periodKind: subscription.periodKind,
  periodPaidMinor: subscription.periodPaid.amountMinor,
  periodCountedFrom: subscription.periodCountedFrom,
  taxRatePpm: subscription.taxRatePpm,
  accessUntil: subscription.accessUntil,
  trialEnd: subscription.trialEnd,
  language: subscription.language,
  country: subscription.country,
  replacesId: subscription.replaces,
  cancelAtPeriodEnd: subscription.cancelAtPeriodEnd,
  cancelledAt: subscription.cancelledAt,
  pausedAt: subscription.pause?.since ?? null,
  resumesAt: subscription.pause?.resumesAt ?? null,
  suspendedBy: subscription.suspendedBy,
  suspendedAt: subscription.suspendedAt,
  renewalOwner: subscription.renewalOwner,
  renewingFrom: subscription.renewingFrom,
  dueAt: subscription.due?.at ?? null,
  dueKind: subscription.due?.kind ?? null,
  version: BigInt(subscription.version),
  createdAt: subscription.createdAt,
  updatedAt: subscription.updatedAt,
});
