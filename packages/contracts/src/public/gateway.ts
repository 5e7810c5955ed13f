import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAccountId, idOf, Instant } from '../shapes.ts';
import { ApiBalanceDue, ApiInvoice, ApiPayment } from './invoicing.ts';
import { ApiSubscription } from './subscription.ts';

/** One part of an aggregated answer: when it was read, or null and why. */
const part = <Data>(data: z.ZodType<Data>) =>
  z.strictObject({ asOf: Instant, data: data.nullable(), problem: z.string().nullable() });

export const GetBilling = httpContract({
  name: 'GetBilling',
  service: 'gateway',
  method: 'GET',
  path: '/v1/billing',
  summary:
    'A customer’s billing page: plan, history, invoices, receipts, next charge. A failing part is null and named.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({ account: ApiAccountId.optional() }),
  answer: z.strictObject({
    accountId: ApiAccountId,
    subscriptions: part(z.array(ApiSubscription)),
    invoices: part(z.array(ApiInvoice)),
    payments: part(z.array(ApiPayment)),
    /** What is owed, by currency; it stays after the last subscription has ended. */
    balanceDue: part(z.array(ApiBalanceDue)),
    nextCharge: z
      .strictObject({
        at: Instant,
        amount: z.strictObject({ amount: z.int(), currency: z.string() }),
        withTax: z.boolean(),
        subscriptionId: idOf('sub'),
      })
      .nullable(),
    support: z.strictObject({ url: z.url().nullable(), email: z.string().nullable() }),
  }),
});

export const CheckEntitlement = httpContract({
  name: 'CheckEntitlement',
  service: 'gateway',
  method: 'POST',
  path: '/v1/entitlements/check',
  summary: 'May this account use this feature now? Fast; answers 503 rather than guess.',
  access: { anyOf: ['entitlements.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'check',
  bodyBytesMax: 2048,
  body: z.strictObject({
    account: ApiAccountId,
    product: z.string().min(1).max(64),
    feature: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('Without one the question is whether the account has the product at all.'),
  }),
  answer: z.strictObject({
    allowed: z.boolean(),
    reason: z
      .enum([
        'entitled',
        'no_subscription',
        'not_active',
        'suspended',
        'paused',
        'access_ended',
        'feature_not_in_plan',
        'feature_disabled',
      ])
      .describe(
        'entitled · no_subscription · not_active (draft, cancelled, expired) · suspended · paused · access_ended · feature_not_in_plan · feature_disabled',
      ),
    plan: z.string().nullable(),
    limit: z.int().nullable().describe('−1 is unlimited; null where the feature has no limit of its own.'),
    level: z.string().nullable(),
    accessUntil: Instant.nullable(),
    revision: z.int().nullable(),
    asOf: Instant,
  }),
});
