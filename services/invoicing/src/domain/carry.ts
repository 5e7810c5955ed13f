import { compare, type Money, money } from '@quittance/money';

import { invoiceWords } from './invoice-words.ts';
import { type Invoice, type InvoiceLine } from './invoice.ts';
import { totalsOf } from './price-lines.ts';

/** More than nothing, and less than the rail collects. A rail without a minimum collects everything. */
export const tooLittle = (total: Money, minimum: Money | null): minimum is Money =>
  minimum !== null && total.amountMinor > 0n && compare(total, minimum) < 0;

export interface CarriedFacts {
  /** What the account carries in the invoice's currency, oldest first. */
  readonly carried: readonly Invoice[];
  /** What the rail collects at least. */
  readonly minimum: Money | null;
  /** What the invoice is written in. */
  readonly language: string;
}

/**
 * A draft with all that its account carries, a line each, so that its total is all that is to be paid. Where even the
 * sum is too little it stays as it is, and goes on waiting: what is taken over is collected, so nothing is carried twice.
 */
export const joinCarried = (
  draft: Invoice,
  { carried, minimum, language }: CarriedFacts,
): { readonly invoice: Invoice; readonly takesOver: readonly Invoice[] } => {
  const lines = [...draft.lines, ...carried.map((one) => carriedLine(one, language))];
  const invoice = { ...draft, lines, totals: totalsOf(lines, draft.currency) };
  return carried.length === 0 || tooLittle(invoice.totals.total, minimum)
    ? { invoice: draft, takesOver: [] }
    : { invoice, takesOver: carried };
};

/** Not taxed again: its tax was booked when the earlier invoice was issued. */
const carriedLine = ({ id, number, totals, currency }: Invoice, language: string): InvoiceLine => ({
  description: invoiceWords(language).carriedOver(number),
  quantity: 1,
  unitPrice: totals.total,
  net: totals.total,
  tax: money(0n, currency),
  gross: totals.total,
  taxRatePpm: 0,
  taxReason: invoiceWords(language).taxedEarlier(number),
  period: null,
  carriedFrom: id,
});
