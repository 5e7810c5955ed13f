/** The parts of an invoice that the API and the events tell in the same words. */
import { toApiMoney } from '@quittance/contracts';
import { type Period } from '@quittance/money';

import { type Invoice } from './domain/invoice.ts';

export const toApiPeriod = (period: Period) => ({
  start: period.start.toISOString(),
  end: period.end.toISOString(),
});

export const toApiLines = (invoice: Invoice) =>
  invoice.lines.map((line) => ({
    description: line.description,
    quantity: line.quantity,
    unitPrice: toApiMoney(line.unitPrice),
    net: toApiMoney(line.net),
    tax: toApiMoney(line.tax),
    gross: toApiMoney(line.gross),
    taxRatePpm: line.taxRatePpm,
    taxReason: line.taxReason,
    period: line.period && toApiPeriod(line.period),
    ...(line.carriedFrom === null ? {} : { carriedFrom: line.carriedFrom }),
  }));

export const toApiTotals = ({ totals }: Pick<Invoice, 'totals'>) => ({
  subtotal: toApiMoney(totals.subtotal),
  tax: toApiMoney(totals.tax),
  total: toApiMoney(totals.total),
});
