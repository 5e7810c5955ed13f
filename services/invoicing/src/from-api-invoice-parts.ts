/** The parts of a wanted invoice that the command and the quote say in the same words. */
import { type ApiMoney, fromApiMoney } from '@quittance/contracts';
import { type Currency, isSupportedCurrency, type Money, type Period, SUPPORTED_CURRENCIES } from '@quittance/money';

import { invoicingFail } from './domain/errors.ts';
import { type RequestedLine } from './domain/price-lines.ts';

export const fromApiSoldCurrency = (currency: string): Currency => {
  if (isSupportedCurrency(currency)) return currency;
  throw invoicingFail('invoicing.currency_unsupported', `Invoices cannot be made in ${currency}.`, {
    details: { available: SUPPORTED_CURRENCIES },
  });
};

interface ApiLine extends Pick<RequestedLine, 'description' | 'quantity' | 'taxBehavior'> {
  readonly unitPrice: ApiMoney;
  readonly period: ApiPeriod | null;
}

interface ApiPeriod {
  readonly start: string;
  readonly end: string;
}

export const fromApiLine = ({ unitPrice, period, ...line }: ApiLine, currency: Currency): RequestedLine => ({
  ...line,
  unitPrice: inCurrency(unitPrice, currency),
  period: period && fromApiPeriod(period),
});

const inCurrency = (amount: ApiMoney, currency: Currency): Money => {
  if (amount.currency === currency) return fromApiMoney(amount);
  throw invoicingFail('invoicing.currency_mismatch', `A line is in ${amount.currency}, its invoice in ${currency}.`);
};

export const fromApiPeriod = (period: ApiPeriod): Period => ({
  start: new Date(period.start),
  end: new Date(period.end),
});
