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
 * @throws DomainError `invoicing.negative_total`.
 */
export const priceLines = (
  lines: readonly RequestedLine[],
  currency: Currency,
  tax: Pick<TaxDecision, 'ratePpm' | 'reason'>,
): readonly InvoiceLine[] => {
  const priced = lines.map((line) => priceLine(line, currency, tax));
  const { amountMinor } = totalsOf(priced, currency).total;
  if (amountMinor < 0n) {
    throw invoicingFail('invoicing.negative_total', `The lines sum to ${amountMinor} ${currency} minor units.`);
  }
  return priced;
};

export const totalsOf = (lines: readonly InvoiceLine[], currency: Currency): Totals => ({
  subtotal: sum(
    lines.map((line) => line.net),
    currency,
  ),
  tax: sum(
    lines.map((line) => line.tax),
    currency,
  ),
  total: sum(
    lines.map((line) => line.gross),
    currency,
  ),
});

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
    carriedFrom: null,
  };
};
