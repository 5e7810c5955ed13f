import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { Rail, SubscriptionStatus } from '../messages/shared.ts';
import {
  ApiAccountId,
  ApiMoney,
  Country,
  CurrencyCode,
  idOf,
  Instant,
  Interval,
  LanguageTag,
  plainText,
  Quantity,
  ReturnUrl,
} from '../shapes.ts';

const ApiCheckoutLine = z.strictObject({
  description: z.string(),
  quantity: z.int(),
  net: ApiMoney,
  tax: ApiMoney,
  gross: ApiMoney,
  taxRatePpm: z.int(),
  taxReason: z.string(),
});

/** What will be paid, line by line with tax. */
export const ApiDueNow = z.strictObject({
  lines: z.array(ApiCheckoutLine),
  subtotal: ApiMoney,
  tax: ApiMoney,
  total: ApiMoney,
  payNow: ApiMoney.describe(
    'What the rail collects of the total: all of it, or nothing where that is below its minimum.',
  ),
  carried: ApiMoney.describe(
    "The total where it is below the rail's minimum: it is carried to the next invoice, and nothing waits for it.",
  ),
});

export const ApiCheckoutSession = z
  .strictObject({
    id: idOf('chk'),
    status: z
      .enum(['opening', 'open', 'completed', 'expired', 'failed', 'superseded'])
      .describe(
        'opening: the rail is being asked · open: pay at `payUrl` · completed: paid and active · expired, failed: nothing was charged, start a new one · superseded: replaced by a newer session.',
      ),
    accountId: ApiAccountId,
    planId: idOf('pln'),
    planKey: z.string(),
    productKey: z.string(),
    planName: z.string(),
    interval: Interval,
    rail: Rail.nullable(),
    subscriptionId: idOf('sub'),
    subscriptionStatus: SubscriptionStatus,
    invoiceId: idOf('inv').nullable(),
    orderId: idOf('ord').nullable(),
    dueNow: ApiDueNow.nullable().describe('What will be paid now; null until the invoice is drafted.'),
    renewsAt: Instant.nullable().describe('When it renews, and ends if it does not.'),
    payUrl: z.url().nullable(),
    payUntil: Instant.nullable(),
    lastDecline: z
      .strictObject({
        reason: z.enum(['card_declined', 'insufficient_funds', 'authentication_failed', 'expired_card', 'other']),
        at: Instant,
      })
      .nullable()
      .describe('The last attempt that was declined, for a polite sentence and the choice to try again.'),
    failure: z
      .strictObject({ code: z.string(), message: z.string() })
      .nullable()
      .describe('Why it failed; null unless it did. `code` is stable, `message` says it in English.'),
    createdAt: Instant,
  })
  .meta({ id: 'CheckoutSession' });

const checkoutParams = z.strictObject({ id: idOf('chk') });

export const CreateCheckoutSession = httpContract({
  name: 'CreateCheckoutSession',
  service: 'subscription',
  method: 'POST',
  path: '/v1/checkout-sessions',
  summary: 'Start buying a plan. Answers with what will be paid now, when it renews and where to pay.',
  access: { anyOf: ['own.write'] },
  audit: 'checkout.created',
  idempotency: 'required',
  rate: 'write',
  status: 201,
  body: z.strictObject({
    planId: idOf('pln'),
    interval: Interval,
    currency: CurrencyCode,
    rail: Rail.default('card').describe('Not needed for a plan that costs nothing.'),
    country: Country.optional().describe(
      'Where the buyer is, for tax and for a price of that country’s own: order what a page shows with the page’s `country`. Default: the general price, taxed as the billing profile says, else where the seller is.',
    ),
    language: LanguageTag.optional(),
    coupon: plainText(64).optional(),
    quantity: Quantity.default(1).describe('How many of the plan; its price and its limits count once for each.'),
    successUrl: ReturnUrl.describe('`{CHECKOUT_SESSION_ID}` in them is replaced by this session’s id.'),
    cancelUrl: ReturnUrl,
  }),
  answer: ApiCheckoutSession,
});

export const GetCheckoutSession = httpContract({
  name: 'GetCheckoutSession',
  service: 'subscription',
  method: 'GET',
  path: '/v1/checkout-sessions/:id',
  summary: 'One checkout. `wait=5s` answers as soon as it leaves its present status, after at most that long.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: checkoutParams,
  query: z.strictObject({ wait: z.enum(['0s', '1s', '2s', '3s', '4s', '5s']).optional() }),
  answer: ApiCheckoutSession,
});

export const VerifyCheckoutSession = httpContract({
  name: 'VerifyCheckoutSession',
  service: 'subscription',
  method: 'POST',
  path: '/v1/checkout-sessions/:id/verify',
  summary: 'Ask the provider now what became of the payment, for a customer who has just come back.',
  access: { anyOf: ['own.write', 'billing.write'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'write',
  params: checkoutParams,
  answer: ApiCheckoutSession,
});
