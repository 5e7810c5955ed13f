import { type Route } from '@quittance/http';

import {
  type BillingProfiles,
  type QuoteInvoice,
  type ReadBalanceDue,
  type ReadInvoices,
  type ReadPayments,
} from '../application/index.ts';
import { getBalanceDueHandler } from './balance-due.handler.ts';
import { getInvoiceHandler, listInvoicesHandler } from './invoices.handler.ts';
import { getPaymentHandler, listPaymentsHandler } from './payments.handler.ts';
import { getPricingProfileHandler } from './pricing-profile.handler.ts';
import { quoteInvoiceHandler } from './quotes.handler.ts';

interface UseCases {
  readonly readInvoices: ReadInvoices;
  readonly readPayments: ReadPayments;
  readonly readBalanceDue: ReadBalanceDue;
  readonly quoteInvoice: QuoteInvoice;
  readonly billingProfiles: Pick<BillingProfiles, 'findAll'>;
}

export const routes = ({
  readInvoices,
  readPayments,
  readBalanceDue,
  quoteInvoice,
  billingProfiles,
}: UseCases): readonly Route[] => [
  listInvoicesHandler(readInvoices),
  getInvoiceHandler(readInvoices),
  listPaymentsHandler(readPayments),
  getPaymentHandler(readPayments),
  getBalanceDueHandler(readBalanceDue),
  quoteInvoiceHandler(quoteInvoice),
  getPricingProfileHandler(billingProfiles),
];
