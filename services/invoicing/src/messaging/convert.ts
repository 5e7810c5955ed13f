import {
  ChargeOrder,
  CloseOrder,
  fromApiMoney,
  InvoiceCarried,
  InvoiceCollectionFailed,
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  type OpenInvoice,
  OpenOrder,
  outgoing,
  type OutgoingMessage,
  type PaymentCompleted,
  toApiMoney,
} from '@quittance/contracts';
import { assertNever, must } from '@quittance/kernel';
import { type z } from 'zod';

import { type InvoiceRequest } from '../domain/decide-opening.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type InvoicingMessage } from '../domain/messages.ts';
import { type CapturedPayment, type Payment } from '../domain/payment.ts';
import { fromApiLine, fromApiPeriod, fromApiSoldCurrency } from '../from-api-invoice-parts.ts';
import { toApiLines, toApiPeriod, toApiTotals } from '../to-api-invoice-parts.ts';

/** Domain message → event or command. Commands derive their id from the order, so that a retry is the same command. */
export const toOutgoingMessage = (message: InvoicingMessage): OutgoingMessage => {
  switch (message.type) {
    case 'invoice_drafted':
      return outgoing(InvoiceDrafted, { ...headOf(message.invoice), data: toEventInvoice(message.invoice) });
    case 'invoice_carried':
      return outgoing(InvoiceCarried, { ...headOf(message.invoice), data: toEventInvoice(message.invoice) });
    case 'invoice_paid': {
      const data = { ...toEventInvoice(message.invoice), payment: toEventPayment(message.payment) };
      return outgoing(InvoicePaid, { ...headOf(message.invoice), data });
    }
    case 'invoice_voided': {
      const { id: invoiceId, subscriptionId, checkoutId } = message.invoice;
      const data = { invoiceId, subscriptionId, checkoutId, reason: message.reason };
      return outgoing(InvoiceVoided, { ...headOf(message.invoice), data });
    }
    case 'open_order':
      return toOpenOrder(message);
    case 'charge_order':
      return toChargeOrder(message);
    case 'invoice_collection_failed':
      return toCollectionFailed(message);
    case 'close_order': {
      const { order, reason } = message;
      return outgoing(CloseOrder, { id: `${order.id}:close`, subject: order.id, data: { orderId: order.id, reason } });
    }
    default:
      return assertNever(message);
  }
};

const headOf = (invoice: Invoice) => ({ subject: invoice.id, version: invoice.version });

const toOpenOrder = (message: Extract<InvoicingMessage, { type: 'open_order' }>): OutgoingMessage => {
  const { order, checkoutId, description, returnUrls } = message;
  return outgoing(OpenOrder, {
    id: `${order.id}:open`,
    subject: order.id,
    data: {
      orderId: order.id,
      invoiceId: order.invoiceId,
      checkoutId,
      accountId: order.accountId,
      amount: toApiMoney(order.amount),
      description,
      returnUrls,
    },
  });
};

/** Its id is the provider's key of the charge: asking twice is asking once, all the way. */
const toChargeOrder = (message: Extract<InvoicingMessage, { type: 'charge_order' }>): OutgoingMessage => {
  const { order, attempt, description } = message;
  return outgoing(ChargeOrder, {
    id: `charge:${order.invoiceId}:${attempt}`,
    subject: order.id,
    data: {
      orderId: order.id,
      invoiceId: order.invoiceId,
      attempt,
      accountId: order.accountId,
      amount: toApiMoney(order.amount),
      description,
    },
  });
};

const toCollectionFailed = (
  message: Extract<InvoicingMessage, { type: 'invoice_collection_failed' }>,
): OutgoingMessage => {
  const { invoice, attempt, reason, failedAt } = message;
  return outgoing(InvoiceCollectionFailed, {
    ...headOf(invoice),
    data: {
      invoiceId: invoice.id,
      number: must(invoice.number, `number of issued invoice ${invoice.id}`),
      kind: invoice.kind,
      accountId: invoice.accountId,
      productId: invoice.productId,
      subscriptionId: invoice.subscriptionId,
      changeId: invoice.changeId,
      period: toApiPeriod(invoice.period),
      total: toApiMoney(invoice.totals.total),
      attempt,
      reason,
      failedAt: failedAt.toISOString(),
    },
  });
};

const toEventInvoice = (invoice: Invoice): z.infer<typeof InvoiceDrafted.data> => ({
  invoiceId: invoice.id,
  number: invoice.number,
  status: invoice.status,
  kind: invoice.kind,
  accountId: invoice.accountId,
  productId: invoice.productId,
  subscriptionId: invoice.subscriptionId,
  checkoutId: invoice.checkoutId,
  changeId: invoice.changeId,
  currency: invoice.currency,
  period: toApiPeriod(invoice.period),
  lines: toApiLines(invoice),
  totals: toApiTotals(invoice),
  issuedAt: invoice.issuedAt?.toISOString() ?? null,
  paidAt: invoice.paidAt?.toISOString() ?? null,
  ...(invoice.carriedTo === null ? {} : { carriedTo: invoice.carriedTo }),
});

const toEventPayment = (payment: Payment | null) =>
  payment && { paymentId: payment.id, orderId: payment.orderId, rail: payment.rail, method: payment.method };

/** The correlation of a purchase is its checkout; what has none keeps the correlation it came with. */
export const fromCommandOpenInvoice = (
  data: z.infer<typeof OpenInvoice.data>,
  correlationId: string,
): InvoiceRequest => {
  const currency = fromApiSoldCurrency(data.currency);
  return {
    ...data,
    currency,
    period: fromApiPeriod(data.period),
    lines: data.lines.map((line) => fromApiLine(line, currency)),
    language: data.language ?? null,
    correlationId: data.checkoutId ?? correlationId,
  };
};

export const fromEventPaymentCompleted = (data: z.infer<typeof PaymentCompleted.data>): CapturedPayment => ({
  id: data.paymentId,
  orderId: data.orderId,
  invoiceId: data.invoiceId,
  accountId: data.accountId,
  rail: data.rail,
  provider: data.provider,
  providerReference: data.providerReference,
  amount: fromApiMoney(data.amount),
  method: data.method,
  capturedAt: new Date(data.capturedAt),
});
