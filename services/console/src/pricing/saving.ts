import type { PlanPrice } from '../api/answers.ts';
import type { Money } from '../i18n/format.ts';

const MONTHS = 12;

export interface Saving {
  readonly saved: Money;
  /** 0 … 1, cut to whole percents, never rounded up. */
  readonly share: number;
}

/**
 * What a year costs less than twelve months of the same plan. Null when it costs no less, or when only one of the two
 * prices is converted: that difference would be one of exchange rates.
 */
export const savingOf = (prices: readonly PlanPrice[]): Saving | null => {
  const month = prices.find((price) => price.interval === 'month');
  const year = prices.find((price) => price.interval === 'year');
  if (month === undefined || year === undefined) return null;
  if (month.converted !== year.converted || month.taxBehavior !== year.taxBehavior) return null;
  if (month.amount.currency !== year.amount.currency) return null;
  const twelve = month.amount.amount * MONTHS;
  const saved = twelve - year.amount.amount;
  if (saved <= 0) return null;
  return { saved: { amount: saved, currency: year.amount.currency }, share: Math.floor((saved * 100) / twelve) / 100 };
};

/** A year's price for one month, rounded to a whole minor unit. */
export const perMonthOf = (year: Money): Money => ({
  amount: Math.round(year.amount / MONTHS),
  currency: year.currency,
});
