import { isAccountId, must } from '@quittance/kernel';
import { isZero, money } from '@quittance/money';
import { z } from 'zod';

import { CHECKOUT_STATUSES } from '../domain/checkout-status.ts';
import { type Checkout, type DueNow } from '../domain/checkout.ts';
import { type Plan } from '../domain/plan.ts';
import { type Checkout as CheckoutRow, type PlanVersion as PlanVersionRow, type Prisma } from './generated/client.ts';
import { account, id, Interval, JsonMoney, TaxBehavior, toJsonMoney } from './row-values.ts';

const Rail = z.enum(['card', 'crypto']);
const DeclineReason = z.enum(['card_declined', 'insufficient_funds', 'authentication_failed', 'expired_card', 'other']);

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
  payNow: JsonMoney.optional(),
  carried: JsonMoney.optional(),
});

/** A row that says neither: all of it is to be paid. */
const fromDueNowJson = (json: Prisma.JsonValue): DueNow => {
  const { payNow, carried, ...due } = DueNowJson.parse(json);
  return { ...due, payNow: payNow ?? due.total, carried: carried ?? money(0n, due.total.currency) };
};

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
  // Only where they say something: the release before knows neither, and reads every other row.
  ...(isZero(due.carried) ? {} : { payNow: toJsonMoney(due.payNow), carried: toJsonMoney(due.carried) }),
});

export const fromRowCheckout = (row: CheckoutRow): Checkout => ({
  id: id('chk', row.id),
  accountId: account(row.accountId),
  subscriptionId: id('sub', row.subscriptionId),
  changeId: row.changeId === null ? null : id('chg', row.changeId),
  productId: id('prd', row.productId),
  planVersionId: id('plv', row.planVersionId),
  interval: Interval.parse(row.interval),
  currency: row.currency,
  rail: row.rail === null ? null : Rail.parse(row.rail),
  country: row.country,
  status: z.enum(CHECKOUT_STATUSES).parse(row.status),
  invoiceId: row.invoiceId === null ? null : id('inv', row.invoiceId),
  orderId: row.orderId === null ? null : id('ord', row.orderId),
  dueNow: row.dueNow === null ? null : fromDueNowJson(row.dueNow),
  renewsAt: row.renewsAt,
  payUrl: row.payUrl,
  payUntil: row.payUntil,
  returnUrls:
    row.successUrl === null ? null : { success: row.successUrl, cancel: must(row.cancelUrl, 'address to go back to') },
  lastDecline:
    row.declineReason === null
      ? null
      : { reason: DeclineReason.parse(row.declineReason), at: must(row.declinedAt, 'time of the decline') },
  failure:
    row.failureCode === null
      ? null
      : { code: row.failureCode, message: must(row.failureMessage, 'message of the failure') },
  version: Number(row.version),
  createdAt: row.createdAt,
});

export const toRowCheckout = (checkout: Checkout) => ({
  id: checkout.id,
  accountId: checkout.accountId,
  subscriptionId: checkout.subscriptionId,
  changeId: checkout.changeId,
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
  successUrl: checkout.returnUrls?.success ?? null,
  cancelUrl: checkout.returnUrls?.cancel ?? null,
  declineReason: checkout.lastDecline?.reason ?? null,
  declinedAt: checkout.lastDecline?.at ?? null,
  failureCode: checkout.failure?.code ?? null,
  failureMessage: checkout.failure?.message ?? null,
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
      taxBehavior: TaxBehavior,
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
  // Kept from before these were told: the defaults are those of the message.
  rank: z.int().default(0),
  items: z
    .array(
      z.strictObject({
        id: z.string(),
        names: z.record(z.string(), z.string()),
        models: z.array(z.string()),
        quota: z.int(),
        reset: z.enum(['day', 'week', 'month']),
        overage: z.enum(['block', 'charge', 'warn']),
      }),
    )
    .default([]),
  prorationBasis: z.enum(['fixed30', 'actual']).default('actual'),
  trialDays: z.int().default(0),
  accountId: z.string().refine(isAccountId).nullable().default(null),
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
  rank: plan.rank,
  items: plan.items.map((item) => ({ ...item, models: [...item.models] })),
  prorationBasis: plan.prorationBasis,
  trialDays: plan.trialDays,
  accountId: plan.accountId,
});
