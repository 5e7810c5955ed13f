import { assert, type Id, isAccountId, isId, must } from '@quittance/kernel';
import { isCurrency, type Money, money } from '@quittance/money';
import { z } from 'zod';

import { CHECKOUT_STATUSES } from '../domain/checkout-status.ts';
import { type Checkout, type DueNow } from '../domain/checkout.ts';
import { type Plan } from '../domain/plan.ts';
import { SUBSCRIPTION_STATUSES } from '../domain/subscription-status.ts';
import { type Subscription } from '../domain/subscription.ts';
import {
  type Checkout as CheckoutRow,
  type PlanVersion as PlanVersionRow,
  type Prisma,
  type Subscription as SubscriptionRow,
} from './generated/client.ts';

const id = <Prefix extends string>(prefix: Prefix, value: string): Id<Prefix> => {
  assert(isId(prefix, value), `not a ${prefix} id: ${value}`);
  return value;
};

const account = (value: string) => {
  assert(isAccountId(value), `not an account id: ${value}`);
  return value;
};

const amount = (amountMinor: bigint, currency: string): Money => {
  assert(isCurrency(currency), `not a currency: ${currency}`);
  return money(amountMinor, currency);
};

const Interval = z.enum(['month', 'year']);
const Rail = z.enum(['card', 'crypto']);
const DeclineReason = z.enum(['card_declined', 'insufficient_funds', 'authentication_failed', 'expired_card', 'other']);

/** Money inside a JSON column: minor units as a decimal string, because JSON has no bigint. */
const JsonMoney = z
  .strictObject({ amountMinor: z.string(), currency: z.string() })
  .transform((value) => amount(BigInt(value.amountMinor), value.currency));
const toJsonMoney = (value: Money) => ({ amountMinor: value.amountMinor.toString(), currency: value.currency });

const DueNowJson = z.strictObject({
  lines: z.array(
    z.strictObject({
      description: z.string(),
      quantity: z.int(),
      net: JsonMoney,
      tax: JsonMoney,
      gross: JsonMoney,
      taxRatePpm: z.int(),
      taxReason: z.string(),
    }),
  ),
  subtotal: JsonMoney,
  tax: JsonMoney,
  total: JsonMoney,
});

const toDueNowJson = (due: DueNow): Prisma.InputJsonObject => ({
  lines: due.lines.map((line) => ({
    ...line,
    net: toJsonMoney(line.net),
    tax: toJsonMoney(line.tax),
    gross: toJsonMoney(line.gross),
  })),
  subtotal: toJsonMoney(due.subtotal),
  tax: toJsonMoney(due.tax),
  total: toJsonMoney(due.total),
});

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
  price: amount(row.priceMinor, row.currency),
  renewalTotal: row.renewalMinor === null ? null : amount(row.renewalMinor, row.currency),
  anchorAt: row.anchorAt,
  period: row.periodStart && row.periodEnd && { start: row.periodStart, end: row.periodEnd },
  accessUntil: row.accessUntil,
  version: Number(row.version),
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export const toRowSubscription = (subscription: Subscription): SubscriptionRow => ({
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
  priceMinor: subscription.price.amountMinor,
  currency: subscription.price.currency,
  renewalMinor: subscription.renewalTotal?.amountMinor ?? null,
  anchorAt: subscription.anchorAt,
  periodStart: subscription.period?.start ?? null,
  periodEnd: subscription.period?.end ?? null,
  accessUntil: subscription.accessUntil,
  version: BigInt(subscription.version),
  createdAt: subscription.createdAt,
  updatedAt: subscription.updatedAt,
});

export const fromRowCheckout = (row: CheckoutRow): Checkout => ({
  id: id('chk', row.id),
  accountId: account(row.accountId),
  subscriptionId: id('sub', row.subscriptionId),
  productId: id('prd', row.productId),
  planVersionId: id('plv', row.planVersionId),
  interval: Interval.parse(row.interval),
  currency: row.currency,
  rail: row.rail === null ? null : Rail.parse(row.rail),
  country: row.country,
  status: z.enum(CHECKOUT_STATUSES).parse(row.status),
  invoiceId: row.invoiceId === null ? null : id('inv', row.invoiceId),
  orderId: row.orderId === null ? null : id('ord', row.orderId),
  dueNow: row.dueNow === null ? null : DueNowJson.parse(row.dueNow),
  renewsAt: row.renewsAt,
  payUrl: row.payUrl,
  payUntil: row.payUntil,
  lastDecline:
    row.declineReason === null
      ? null
      : { reason: DeclineReason.parse(row.declineReason), at: must(row.declinedAt, 'time of the decline') },
  version: Number(row.version),
  createdAt: row.createdAt,
});

export const toRowCheckout = (checkout: Checkout) => ({
  id: checkout.id,
  accountId: checkout.accountId,
  subscriptionId: checkout.subscriptionId,
  productId: checkout.productId,
  planVersionId: checkout.planVersionId,
  interval: checkout.interval,
  currency: checkout.currency,
  rail: checkout.rail,
  country: checkout.country,
  status: checkout.status,
  invoiceId: checkout.invoiceId,
  orderId: checkout.orderId,
  ...(checkout.dueNow === null ? {} : { dueNow: toDueNowJson(checkout.dueNow) }),
  renewsAt: checkout.renewsAt,
  payUrl: checkout.payUrl,
  payUntil: checkout.payUntil,
  declineReason: checkout.lastDecline?.reason ?? null,
  declinedAt: checkout.lastDecline?.at ?? null,
  version: BigInt(checkout.version),
  createdAt: checkout.createdAt,
});

const PlanDocument = z.strictObject({
  selfServe: z.boolean(),
  names: z.record(z.string(), z.string()),
  prices: z.array(
    z.strictObject({
      priceId: z.string().transform((value) => id('prc', value)),
      interval: Interval,
      amount: JsonMoney,
      taxBehavior: z.enum(['exclusive', 'inclusive']),
      region: z.string().nullable(),
    }),
  ),
  entitlements: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('switch'), feature: z.string(), enabled: z.boolean() }),
      z.strictObject({ kind: z.literal('limit'), feature: z.string(), limit: z.int() }),
      z.strictObject({ kind: z.literal('unlimited'), feature: z.string() }),
      z.strictObject({ kind: z.literal('level'), feature: z.string(), level: z.string() }),
    ]),
  ),
});

export const fromRowPlan = (row: PlanVersionRow): Plan => ({
  planId: id('pln', row.planId),
  planVersionId: id('plv', row.planVersionId),
  productId: id('prd', row.productId),
  productKey: row.productKey,
  key: row.key,
  status: z.enum(['published', 'retired']).parse(row.status),
  ...PlanDocument.parse(row.document),
});

export const toPlanDocument = (plan: Plan): Prisma.InputJsonObject => ({
  selfServe: plan.selfServe,
  names: plan.names,
  prices: plan.prices.map((price) => ({ ...price, amount: toJsonMoney(price.amount) })),
  entitlements: plan.entitlements.map((entitlement) => ({ ...entitlement })),
});
