import { type Route } from '@quittance/http';

import { type QuoteInvoice, type ReadInvoices, type ReadPayments } from '../application/index.ts';
import { getInvoiceHandler, listInvoicesHandler } from './invoices.handler.ts';
import { getPaymentHandler, listPaymentsHandler } from './payments.handler.ts';
import { quoteInvoiceHandler } from './quotes.handler.ts';

interface UseCases {
  readonly readInvoices: ReadInvoices;
  readonly readPayments: ReadPayments;
  readonly quoteInvoice: QuoteInvoice;
}

export const routes = ({ readInvoices, readPayments, quoteInvoice }: UseCases): readonly Route[] => [
  listInvoicesHandler(readInvoices),
  getInvoiceHandler(readInvoices),
  listPaymentsHandler(readPayments),
  getPaymentHandler(readPayments),
  quoteInvoiceHandler(quoteInvoice),
];
