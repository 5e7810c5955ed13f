import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { MessageEntitlement, Rail, SubscriptionStatus } from '../messages/shared.ts';
import {
  ApiAccountId,
  ApiMoney,
  Country,
  CurrencyCode,
  idOf,
  Instant,
  Interval,
  LanguageTag,
  pageOf,
  pageQuery,
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
  /** What the rail collects of the total: all of it, or nothing where that is below its minimum. */
  payNow: ApiMoney,
  /** The total where it is below the rail's minimum: it is carried to the next invoice, and nothing waits for it. */
  carried: ApiMoney,
});

export const ApiCheckoutSession = z
  .strictObject({
    id: idOf('chk'),
    /**
     * opening: the rail is being asked · open: pay at `payUrl` · completed: paid and active ·
     * expired, failed: nothing was charged, start a new one · superseded: replaced by a newer session.
     */
    status: z.enum(['opening', 'open', 'completed', 'expired', 'failed', 'superseded']),
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
    /** What will be paid now; null until the invoice is drafted. */
    dueNow: ApiDueNow.nullable(),
    /** When it renews, and ends if it does not. */
    renewsAt: Instant.nullable(),
    payUrl: z.url().nullable(),
    payUntil: Instant.nullable(),
    /** The last attempt that was declined, for a polite sentence and the choice to try again. */
    lastDecline: z
      .strictObject({
        reason: z.enum(['card_declined', 'insufficient_funds', 'authentication_failed', 'expired_card', 'other']),
        at: Instant,
      })
      .nullable(),
    /** Why it failed; null unless it did. `code` is stable, `message` says it in English. */
    failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
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
    /** Not needed for a plan that costs nothing. */
    rail: Rail.default('card'),
    /** Where the buyer is, for tax. Default: the billing profile, then the seller’s country. */
    country: Country.optional(),
    language: LanguageTag.optional(),
    coupon: plainText(64).optional(),
    /** How many of the plan; its price and its limits count once for each. */
    quantity: Quantity.default(1),
    /** `{CHECKOUT_SESSION_ID}` in them is replaced by this session’s id. */
    successUrl: ReturnUrl,
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

export const ApiSubscriptionItem = z.strictObject({
  /** Unique within the subscription. */
  key: z.string(),
  /** Null for what was agreed by hand. */
  planId: idOf('pln').nullable(),
  name: z.string(),
  quantity: z.int().positive(),
  unitPrice: ApiMoney,
});

export const ApiSubscription = z
  .strictObject({
    id: idOf('sub'),
    accountId: ApiAccountId,
    productKey: z.string(),
    planId: idOf('pln'),
    /** The version that was bought; it stays until the subscription is moved. */
    planVersionId: idOf('plv'),
    planKey: z.string(),
    planName: z.string(),
    status: SubscriptionStatus,
    interval: Interval,
    /** What is paid for in every period, the plan first. */
    items: z.array(ApiSubscriptionItem),
    /** Of one period: the sum of the items. */
    price: ApiMoney,
    currentPeriod: z.strictObject({ start: Instant, end: Instant.nullable() }).nullable(),
    /**
     * The next charge with tax, as the last invoice was, also after a scheduled change; null where none will come. What
     * is carried comes on top.
     */
    nextCharge: z.strictObject({ at: Instant, amount: ApiMoney }).nullable(),
    accessUntil: Instant.nullable(),
    /** Null where there never was a trial. */
    trialEnd: Instant.nullable(),
    /** The free plan whose place a trial took: it is there again when the trial ends unpaid. Null for all others. */
    fallsBackTo: idOf('sub').nullable(),
    /** It ends with its period, unless that is undone. */
    cancelAtPeriodEnd: z.boolean(),
    cancelledAt: Instant.nullable(),
    /** `resumesAt` null: until somebody resumes it. */
    pause: z.strictObject({ since: Instant, resumesAt: Instant.nullable() }).nullable(),
    /** `stripe`: a subscription of a former platform version that Stripe renews itself. */
    renewalOwner: z.enum(['platform', 'stripe']),
    version: z.int(),
    createdAt: Instant,
  })
  .meta({ id: 'Subscription' });

export const ListSubscriptions = httpContract({
  name: 'ListSubscriptions',
  service: 'subscription',
  method: 'GET',
  path: '/v1/subscriptions',
  summary: 'Subscriptions, newest first: one’s own, or everybody’s for operators.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...pageQuery,
    /** Operators may filter; for a customer it must be the own account. */
    account: ApiAccountId.optional(),
    status: SubscriptionStatus.optional(),
    /** Key of the product. */
    product: plainText(64).optional(),
    /** On any version of this plan. */
    plan: idOf('pln').optional(),
    planVersion: idOf('plv').optional(),
  }),
  answer: pageOf(ApiSubscription),
});

export const GetSubscription = httpContract({
  name: 'GetSubscription',
  service: 'subscription',
  method: 'GET',
  path: '/v1/subscriptions/:id',
  summary: 'One subscription.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: idOf('sub') }),
  answer: ApiSubscription,
});

/** Days as `30d`, at most a year and a day. */
const WindowDays = z
  .string()
  .regex(/^\d{1,3}d$/, 'must be days like 30d')
  .transform((text) => Number(text.slice(0, -1)))
  .refine((days) => days >= 1 && days <= 366, { error: 'must be from 1d to 366d' });

export const ApiUpcomingRenewal = z
  .strictObject({
    subscriptionId: idOf('sub'),
    accountId: ApiAccountId,
    productKey: z.string(),
    planKey: z.string(),
    planName: z.string(),
    interval: Interval,
    dueAt: Instant,
    /** What it will pay for. */
    period: z.strictObject({ start: Instant, end: Instant }),
    /** As the last invoice was taxed, or before tax where there was none yet: `withTax` says which. */
    amount: ApiMoney,
    withTax: z.boolean(),
  })
  .meta({ id: 'UpcomingRenewal' });

export const ListRenewals = httpContract({
  name: 'ListRenewals',
  service: 'subscription',
  method: 'GET',
  path: '/v1/renewals',
  summary: 'What will be charged in the days to come, soonest first, with the sums of the whole window.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({ ...pageQuery, window: WindowDays.default(30), account: ApiAccountId.optional() }),
  answer: z.strictObject({
    data: z.array(ApiUpcomingRenewal),
    nextCursor: z.string().nullable(),
    totals: z.array(z.strictObject({ count: z.int(), amount: ApiMoney })),
    until: Instant,
  }),
});

export const ApiEntitlementDocument = z
  .strictObject({
    accountId: ApiAccountId,
    productKey: z.string(),
    subscriptionId: idOf('sub'),
    planKey: z.string(),
    status: SubscriptionStatus,
    accessUntil: Instant.nullable(),
    entitlements: z.array(MessageEntitlement),
    revision: z.int(),
  })
  .meta({ id: 'EntitlementDocument' });

export const GetAccountEntitlements = httpContract({
  name: 'GetAccountEntitlements',
  service: 'subscription',
  method: 'GET',
  path: '/v1/accounts/:id/entitlements',
  summary: 'All entitlement documents of an account, from the source. The ETag is the highest revision.',
  access: { anyOf: ['entitlements.read', 'billing.read', 'own.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: ApiAccountId }),
  answer: z.strictObject({ accountId: ApiAccountId, documents: z.array(ApiEntitlementDocument), asOf: Instant }),
});

export const GetAccountStatus = httpContract({
  name: 'GetAccountStatus',
  service: 'subscription',
  method: 'GET',
  path: '/v1/accounts/:id/status',
  summary: 'Which plans an account is on, in one line each.',
  access: { anyOf: ['entitlements.read', 'billing.read', 'own.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: ApiAccountId }),
  answer: z.strictObject({
    accountId: ApiAccountId,
    products: z.array(
      z.strictObject({
        productKey: z.string(),
        planKey: z.string(),
        status: SubscriptionStatus,
        accessUntil: Instant.nullable(),
      }),
    ),
    asOf: Instant,
  }),
});
