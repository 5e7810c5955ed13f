import { z } from 'zod';

import { command, event } from '../message.ts';
import { ApiAccountId, ApiMoney, idOf, Instant, Interval } from '../shapes.ts';
import { DeclineReason, PaymentMethodSummary, Rail, ReturnUrls } from './shared.ts';

/** As a mirrored subscription can stand: `incomplete` ones never began and are not reported. */
const LEGACY_SUBSCRIPTION_STATUSES = ['trialing', 'active', 'past_due', 'unpaid', 'paused', 'cancelled'] as const;

/** Id: `<order>:open`. The order's id is chosen by invoicing, so a retry is the same order. */
export const OpenOrder = command({
  type: 'payments-card.open-order',
  summary: 'Open an order at the card rail and answer with where the customer pays.',
  producers: ['invoicing'],
  consumer: 'payments-card',
  data: z.strictObject({
    orderId: idOf('ord'),
    invoiceId: idOf('inv'),
    checkoutId: idOf('chk').nullable(),
    accountId: ApiAccountId,
    amount: ApiMoney,
    /** What the customer reads on the hosted page. */
    description: z.string(),
    returnUrls: ReturnUrls,
  }),
});

/**
 * Id: `charge:<invoice>:<attempt>`, which is also the provider's idempotency key: one attempt is one charge, for ever.
 * Its outcome is `payment.completed.v1` or `payment.failed.v1`; either ends the order.
 */
export const ChargeOrder = command({
  type: 'payments-card.charge-order',
  summary: 'Charge the method the account has stored, without the customer.',
  producers: ['invoicing'],
  consumer: 'payments-card',
  data: z.strictObject({
    orderId: idOf('ord'),
    invoiceId: idOf('inv'),
    /** 1 for the first; a later one is a new order. */
    attempt: z.int().positive(),
    accountId: ApiAccountId,
    amount: ApiMoney,
    /** What the customer may read on a statement or receipt of the provider. */
    description: z.string(),
  }),
});

/** Id: `<order>:close`. */
export const CloseOrder = command({
  type: 'payments-card.close-order',
  summary: 'Expire an order that nobody should pay any more. If it was paid already, the payment is reported as usual.',
  producers: ['invoicing'],
  consumer: 'payments-card',
  data: z.strictObject({ orderId: idOf('ord'), reason: z.string() }),
});

/** Id: `<checkout>:recheck:<request>`. */
export const RecheckOrder = command({
  type: 'payments-card.recheck-order',
  summary: 'Ask the provider what became of an order, now.',
  producers: ['subscription'],
  consumer: 'payments-card',
  data: z.strictObject({ orderId: idOf('ord') }),
});

/** Id: `<subscription>:keep-method`. Only the provider’s own names; the numbers stay where they are. */
export const KeepMethod = command({
  type: 'payments-card.keep-method',
  summary: 'Who an account that came from an earlier platform is at Stripe, and what of it may be charged.',
  producers: ['subscription'],
  consumer: 'payments-card',
  data: z.strictObject({
    accountId: ApiAccountId,
    subscriptionId: idOf('sub'),
    customerReference: z.string().max(255),
    /** Null: nothing may be charged without the customer. */
    methodReference: z.string().max(255).nullable(),
  }),
});

const OrderFacts = {
  orderId: idOf('ord'),
  invoiceId: idOf('inv'),
  checkoutId: idOf('chk').nullable(),
  accountId: ApiAccountId,
  rail: Rail,
  provider: z.string(),
  amount: ApiMoney,
};

export const OrderOpened = event({
  type: 'order.opened.v1',
  summary: 'The rail has opened the order; the customer pays at `payUrl` until `expiresAt`.',
  producer: 'payments-card',
  consumers: ['subscription'],
  data: z.strictObject({ ...OrderFacts, payUrl: z.url(), expiresAt: Instant }),
});

export const OrderFailed = event({
  type: 'order.failed.v1',
  summary: 'The rail refused the order, for good: no page was opened, or nothing was charged.',
  producer: 'payments-card',
  consumers: ['subscription', 'invoicing'],
  data: z.strictObject({ ...OrderFacts, code: z.string(), message: z.string() }),
});

export const OrderExpired = event({
  type: 'order.expired.v1',
  summary: 'The provider says the order can no longer be paid.',
  producer: 'payments-card',
  consumers: ['invoicing'],
  data: z.strictObject(OrderFacts),
});

/** Shared by both rails (`rail` says which). */
export const PaymentCompleted = event({
  type: 'payment.completed.v1',
  summary: 'Money was captured for an order, as read back from the provider.',
  producer: 'payments-card',
  consumers: ['invoicing'],
  data: z.strictObject({
    ...OrderFacts,
    paymentId: idOf('pay'),
    /** The provider’s own id of the charge, for reconciliation. */
    providerReference: z.string(),
    method: PaymentMethodSummary.nullable(),
    capturedAt: Instant,
  }),
});

export const PaymentFailed = event({
  type: 'payment.failed.v1',
  summary: 'An attempt was declined; an order with a page may still be paid, an automatic charge has ended with it.',
  producer: 'payments-card',
  consumers: ['subscription', 'invoicing'],
  data: z.strictObject({
    ...OrderFacts,
    attemptReference: z.string(),
    /** Which attempt an automatic charge was; absent for a page on which the customer may try again. */
    chargeAttempt: z.int().positive().optional(),
    reason: DeclineReason,
    failedAt: Instant,
  }),
});

/**
 * A subscription of an earlier platform that Stripe renews by itself, as read back from Stripe. It is mirrored: nobody
 * but Stripe charges for it.
 */
export const LegacySubscriptionReported = event({
  type: 'legacy-subscription.reported.v1',
  summary: 'How a subscription that the provider renews itself stands there now.',
  producer: 'payments-card',
  consumers: ['subscription'],
  data: z.strictObject({
    provider: z.string(),
    /** The provider’s id of the subscription. */
    reference: z.string(),
    status: z.enum(LEGACY_SUBSCRIPTION_STATUSES),
    /** What the earlier platform wrote on it; null where it wrote nothing that we can read. */
    accountId: ApiAccountId.nullable(),
    productKey: z.string().nullable(),
    planKey: z.string().nullable(),
    /** `price`: the price it is renewed by says so, which is right also after a change there. */
    planFrom: z.enum(['price', 'subscription']).nullable().optional(),
    /** The provider’s id of that price. */
    priceReference: z.string().nullable().optional(),
    interval: Interval,
    quantity: z.int().positive(),
    /** Of one unit and period. */
    unitPrice: ApiMoney,
    anchorAt: Instant,
    period: z.strictObject({ start: Instant, end: Instant }),
    cancelAtPeriodEnd: z.boolean(),
    endedAt: Instant.nullable(),
  }),
});
