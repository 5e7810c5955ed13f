import {
  type Currency,
  type Money,
  multiplyRatio,
  type Period,
  sum,
  taxExclusive,
  taxInclusive,
} from '@quittance/money';

import { type TaxDecision } from './decide-tax.ts';
import { invoicingFail } from './errors.ts';
import { type InvoiceLine, type Totals } from './invoice.ts';

export interface RequestedLine {
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly taxBehavior: 'exclusive' | 'inclusive';
  readonly period: Period | null;
}

/**
 * Quantity × unit price, with tax by line: rounded once per line, so that the lines a customer reads sum to the total.
 * An inclusive price keeps its total when no tax is due.
 */
export const priceLines = (
  lines: readonly RequestedLine[],
  currency: Currency,
  tax: Pick<TaxDecision, 'ratePpm' | 'reason'>,
): { readonly lines: readonly InvoiceLine[]; readonly totals: Totals } => {
  const priced = lines.map((line) => priceLine(line, currency, tax));
  const totals = {
    subtotal: sum(
      priced.map((line) => line.net),
      currency,
    ),
    tax: sum(
      priced.map((line) => line.tax),
      currency,
    ),
    total: sum(
      priced.map((line) => line.gross),
      currency,
    ),
  };
  if (totals.total.amountMinor < 0n) {
    throw invoicingFail(
      'invoicing.negative_total',
      `The lines sum to ${totals.total.amountMinor} ${currency} minor units.`,
    );
  }
  return { lines: priced, totals };
};

const priceLine = (
  line: RequestedLine,
  currency: Currency,
  tax: Pick<TaxDecision, 'ratePpm' | 'reason'>,
): InvoiceLine => {
  if (line.unitPrice.currency !== currency) {
    throw invoicingFail(
      'invoicing.currency_mismatch',
      `Line “${line.description}” is in ${line.unitPrice.currency}, the invoice in ${currency}.`,
    );
  }
  const amount = multiplyRatio(line.unitPrice, BigInt(line.quantity), 1n);
  const split =
    line.taxBehavior === 'inclusive' ? taxInclusive(amount, tax.ratePpm) : taxExclusive(amount, tax.ratePpm);
  return {
    description: line.description,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    ...split,
    taxRatePpm: tax.ratePpm,
    taxReason: tax.reason,
    period: line.period,
  };
};
