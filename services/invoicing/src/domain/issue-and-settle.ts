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

/** Draft → issued and paid: number, issue date and payment are one step, so that only paid carts burn numbers. */
export const issueAndSettle = (draft: Invoice, { seller, series, now, version }: Numbering): Invoice => ({
  ...draft,
  status: nextInvoiceStatus(nextInvoiceStatus(draft.status, 'issue'), 'settle'),
  number: invoiceNumber(seller.numberPrefix, series),
  issuedAt: now,
  paidAt: now,
  version,
});
