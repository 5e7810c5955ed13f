import { nextInvoiceStatus } from './invoice-status.ts';
import { type Invoice } from './invoice.ts';
import { invoiceNumber, type NumberSeries } from './number-series.ts';
import { type Seller } from './seller.ts';

/** Where and when numbers are given: the series of the year that `now` is in for the seller. */
export interface Numbering {
  readonly seller: Pick<Seller, 'numberPrefix'>;
  readonly series: NumberSeries;
  readonly now: Date;
  /** The invoice's next version. */
  readonly version: number;
}

/** Draft → issued: what is collected without the customer is owed, and numbered, before anybody is charged. */
export const issueInvoice = (draft: Invoice, { seller, series, now, version }: Numbering): Invoice => ({
  ...draft,
  status: nextInvoiceStatus(draft.status, 'issue'),
  number: invoiceNumber(seller.numberPrefix, series),
  issuedAt: now,
  version,
});

/** Issued → carried: owed, but too little for its rail to collect. */
export const carryIssued = (issued: Invoice, { now, version }: Pick<Numbering, 'now' | 'version'>): Invoice => ({
  ...issued,
  status: nextInvoiceStatus(issued.status, 'carry'),
  carriedAt: now,
  version,
});

/** Issued, or carried and taken over by an invoice that is paid now → paid. */
export const settleIssued = (issued: Invoice, { now, version }: Pick<Numbering, 'now' | 'version'>): Invoice => ({
  ...issued,
  status: nextInvoiceStatus(issued.status, 'settle'),
  paidAt: now,
  version,
});

/** Draft → issued and paid: number, issue date and payment are one step, so that only paid carts burn numbers. */
export const issueAndSettle = (draft: Invoice, numbering: Numbering): Invoice =>
  settleIssued(issueInvoice(draft, numbering), numbering);
