import { z } from 'zod';

import { command, event } from '../message.ts';
import { ApiAccountId, ApiMoney, Country, CountryCode, idOf, Instant, LanguageTag } from '../shapes.ts';
import {
  DeclineReason,
  MessageInvoiceLine,
  MessageTotals,
  PaymentMethodSummary,
  Rail,
  ReturnUrls,
  TaxBehavior,
} from './shared.ts';

/**
 * Asks for an invoice. Uniqueness: (subscription, period start, kind, change id). `checkout`: a draft, issued when it is
 * paid. `automatic`: issued at once, then collected from the stored method.
 * Id: `<checkout>:open-invoice`, `<subscription>:<period start>:open-invoice`.
 */
export const OpenInvoice = command({
  type: 'invoicing.open-invoice',
  summary: 'Make an invoice of these lines and have it collected.',
  producers: ['subscription'],
  consumer: 'invoicing',
  data: z.strictObject({
    kind: z.enum(['checkout', 'renewal', 'plan_change']),
    accountId: ApiAccountId,
    productId: idOf('prd'),
    subscriptionId: idOf('sub'),
    checkoutId: idOf('chk').nullable(),
    changeId: z.string().nullable(),
    currency: z.string(),
    period: z.strictObject({ start: Instant, end: Instant }),
    lines: z
      .array(
        z.strictObject({
          description: z.string(),
          quantity: z.int().positive(),
          unitPrice: ApiMoney,
          taxBehavior: TaxBehavior,
          period: z.strictObject({ start: Instant, end: Instant }).nullable(),
        }),
      )
      .min(1)
      .max(100),
    /** What the buyer said about where they are; null leaves it to the billing profile. */
    buyerCountry: CountryCode.nullable(),
    /** What the invoice is written in, where the buyer chose; absent leaves it to the billing profile. */
    language: LanguageTag.optional(),
    collect: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('checkout'), rail: Rail, returnUrls: ReturnUrls }),
      z.strictObject({ kind: z.literal('automatic') }),
    ]),
  }),
});

/** Asks to give up a draft that was never paid. Id: `<checkout>:cancel-invoice`. */
export const CancelInvoice = command({
  type: 'invoicing.cancel-invoice',
  summary: 'Void the draft of this checkout and close its order; paid money, if it comes, goes to the balance.',
  producers: ['subscription'],
  consumer: 'invoicing',
  data: z.strictObject({ checkoutId: idOf('chk'), subscriptionId: idOf('sub'), reason: z.string() }),
});

/** Id: `<subscription>:remember-buyer`. */
export const RememberBuyer = command({
  type: 'invoicing.remember-buyer',
  summary: 'Where an account that came from an earlier platform is taxed, unless its billing profile says so already.',
  producers: ['subscription'],
  consumer: 'invoicing',
  data: z.strictObject({ accountId: ApiAccountId, country: Country, currency: z.string() }),
});

export const CancelRenewalInvoice = command({
  type: 'invoicing.cancel-renewal-invoice',
  summary:
    'The period of this renewal will not be: void its invoice, issued or not, and close its order; money that still comes goes to the balance.',
  producers: ['subscription'],
  consumer: 'invoicing',
  data: z.strictObject({ subscriptionId: idOf('sub'), periodStart: Instant, reason: z.string() }),
});

const InvoiceSnapshot = z.strictObject({
  invoiceId: idOf('inv'),
  /** Null while it is a draft: an abandoned cart burns no number. */
  number: z.string().nullable(),
  status: z.enum(['draft', 'issued', 'carried', 'paid', 'void']),
  kind: z.enum(['checkout', 'renewal', 'plan_change']),
  accountId: ApiAccountId,
  productId: idOf('prd'),
  subscriptionId: idOf('sub'),
  checkoutId: idOf('chk').nullable(),
  changeId: z.string().nullable(),
  currency: z.string(),
  period: z.strictObject({ start: Instant, end: Instant }),
  lines: z.array(MessageInvoiceLine),
  totals: MessageTotals,
  issuedAt: Instant.nullable(),
  paidAt: Instant.nullable(),
  /** The later invoice that its carried amount is a line of; absent where nothing was carried, or not yet taken over. */
  carriedTo: idOf('inv').optional(),
});

export const InvoiceDrafted = event({
  type: 'invoice.drafted.v1',
  summary: 'A draft invoice exists, with tax and total; nothing is owed yet.',
  producer: 'invoicing',
  consumers: ['subscription'],
  data: InvoiceSnapshot,
});

export const InvoicePaid = event({
  type: 'invoice.paid.v1',
  summary: 'An invoice is settled. The only thing that changes what a customer has.',
  producer: 'invoicing',
  consumers: ['subscription', 'catalog'],
  data: z.strictObject({
    ...InvoiceSnapshot.shape,
    payment: z
      .strictObject({
        paymentId: idOf('pay'),
        orderId: idOf('ord'),
        rail: Rail,
        method: PaymentMethodSummary.nullable(),
      })
      .nullable(),
  }),
});

/**
 * For whom it bills, the same as paid: what it bought begins now. Its own `invoice.paid.v1`, which says `carriedTo`,
 * follows when the invoice that took its amount over is paid, and changes nothing more.
 */
export const InvoiceCarried = event({
  type: 'invoice.carried.v1',
  summary: 'An invoice below the rail’s minimum is issued; its amount is carried to the account’s next invoice.',
  producer: 'invoicing',
  consumers: ['subscription'],
  data: InvoiceSnapshot,
});

export const InvoiceCollectionFailed = event({
  type: 'invoice.collection_failed.v1',
  summary: 'An issued invoice could not be collected automatically; it stays open and may be paid otherwise.',
  producer: 'invoicing',
  consumers: ['subscription'],
  data: z.strictObject({
    invoiceId: idOf('inv'),
    number: z.string(),
    kind: z.enum(['checkout', 'renewal', 'plan_change']),
    accountId: ApiAccountId,
    productId: idOf('prd'),
    subscriptionId: idOf('sub'),
    changeId: z.string().nullable(),
    period: z.strictObject({ start: Instant, end: Instant }),
    total: ApiMoney,
    /** 1: the renewal's own attempt. */
    attempt: z.int().positive(),
    reason: DeclineReason,
    failedAt: Instant,
  }),
});

export const InvoiceVoided = event({
  type: 'invoice.voided.v1',
  summary: 'A draft or issued invoice will not be collected any more.',
  producer: 'invoicing',
  consumers: ['subscription'],
  data: z.strictObject({
    invoiceId: idOf('inv'),
    subscriptionId: idOf('sub'),
    checkoutId: idOf('chk').nullable(),
    reason: z.enum(['order_expired', 'order_failed', 'cancelled']),
  }),
});
