import { type Route } from '@quittance/http';

import { type ReadInvoices, type ReadPayments } from '../application/index.ts';
import { getInvoiceHandler, listInvoicesHandler } from './invoices.handler.ts';
import { getPaymentHandler, listPaymentsHandler } from './payments.handler.ts';

interface UseCases {
  readonly readInvoices: ReadInvoices;
  readonly readPayments: ReadPayments;
}

export const routes = ({ readInvoices, readPayments }: UseCases): readonly Route[] => [
  listInvoicesHandler(readInvoices),
  getInvoiceHandler(readInvoices),
  listPaymentsHandler(readPayments),
  getPaymentHandler(readPayments),
];
