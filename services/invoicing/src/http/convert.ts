import { type ApiBalanceDue, type ApiDueNow, type ApiInvoice, type ApiPayment, toApiMoney } from '@quittance/contracts';
import { type Money, money } from '@quittance/money';
import { type z } from 'zod';

import { type BalanceDue, type PaymentOfInvoice, type Quoted } from '../application/index.ts';
import { type Invoice } from '../domain/invoice.ts';
import { toApiLines, toApiPeriod, toApiTotals } from '../to-api-invoice-parts.ts';

export const toApiInvoice = (invoice: Invoice): z.infer<typeof ApiInvoice> => ({
  id: invoice.id,
  number: invoice.number,
  status: invoice.status,
  kind: invoice.kind,
  accountId: invoice.accountId,
  subscriptionId: invoice.subscriptionId,
  checkoutId: invoice.checkoutId,
  seller: {
    name: invoice.seller.name,
    address: invoice.seller.address,
    country: invoice.seller.country,
    taxId: invoice.seller.taxId,
  },
  buyer: { name: invoice.buyer.name, country: invoice.buyer.country, taxId: invoice.buyer.taxId },
  currency: invoice.currency,
  period: toApiPeriod(invoice.period),
  lines: toApiLines(invoice),
  totals: toApiTotals(invoice),
  amountDue: toApiMoney(amountDue(invoice)),
  carriedTo: invoice.carriedTo,
  issuedAt: invoice.issuedAt?.toISOString() ?? null,
  paidAt: invoice.paidAt?.toISOString() ?? null,
  correlationId: invoice.correlationId,
  createdAt: invoice.createdAt.toISOString(),
});

/** What would settle it: of a draft the whole, though nothing is owed before it is issued; nothing that is due elsewhere. */
const amountDue = ({ status, totals, currency, carriedTo }: Invoice): Money =>
  status === 'paid' || status === 'void' || carriedTo !== null ? money(0n, currency) : totals.total;

/** As the checkout shows what is due. */
export const toApiDueNow = ({ lines, totals, carried }: Quoted): z.infer<typeof ApiDueNow> => ({
  lines: lines.map((line) => ({
    description: line.description,
    quantity: line.quantity,
    net: toApiMoney(line.net),
    tax: toApiMoney(line.tax),
    gross: toApiMoney(line.gross),
    taxRatePpm: line.taxRatePpm,
    taxReason: line.taxReason,
  })),
  ...toApiTotals({ totals }),
  payNow: toApiMoney(carried ? money(0n, totals.total.currency) : totals.total),
  carried: toApiMoney(carried ? totals.total : money(0n, totals.total.currency)),
});

export const toApiBalanceDue = ({ due, carried }: BalanceDue): z.infer<typeof ApiBalanceDue> => ({
  due: toApiMoney(due),
  carried: toApiMoney(carried),
});

export const toApiPayment = ({ payment, invoiceNumber }: PaymentOfInvoice): z.infer<typeof ApiPayment> => ({
  id: payment.id,
  status: payment.status,
  accountId: payment.accountId,
  amount: toApiMoney(payment.amount),
  rail: payment.rail,
  provider: payment.provider,
  providerReference: payment.providerReference,
  method: payment.method,
  orderId: payment.orderId,
  invoiceId: payment.invoiceId,
  invoiceNumber,
  appliedTo: payment.appliedTo,
  capturedAt: payment.capturedAt.toISOString(),
  correlationId: payment.correlationId,
});
