export { type ApplyCollected, makeApplyCollected } from './apply-collected.ts';
export { type ApplyPayment, makeApplyPayment } from './apply-payment.ts';
export { type EndInvoice, makeEndInvoice } from './end-invoice.ts';
export { makeNumberingQueue } from './make-numbering-queue.ts';
export { type CausedRequest, type IssueInvoices, makeIssueInvoices } from './issue-invoices.ts';
export { type CheckoutRequest, makeOpenInvoice, type OpenInvoice } from './open-invoice.ts';
export { makeReadInvoices, type Reader, type ReadInvoices } from './read-invoices.ts';
export type { PaymentOfInvoice } from './ports.ts';
export { makeReadPayments, type ReadPayments } from './read-payments.ts';
