import {
  allocate,
  type Fraction,
  isZero,
  type Money,
  money,
  multiplyRatio,
  negate,
  subtract,
  sum,
} from '@quittance/money';

import { type ChangeLine } from './change.ts';
import { discountOf, discountParts, type RenewalCoupon } from './coupon.ts';
import { lineWords } from './line-words.ts';
import { priceOfItems, type Period, type SubscriptionItem } from './subscription.ts';

/** What is left of the period that was paid. */
export interface Unused extends Pick<Rest, 'period' | 'language'> {
  readonly items: readonly SubscriptionItem[];
  readonly amount: Money;
}

export interface Charged {
  readonly lines: readonly ChangeLine[];
  /** The sum of the lines; never negative. */
  readonly charge: Money;
}

export interface Rest {
  readonly fraction: Fraction;
  readonly period: Period;
  readonly currency: Money['currency'];
  /** Of the subscription. */
  readonly language: string | null;
}

/** The difference for the rest of the period, where there is one to pay: in its middle nothing is paid back. */
export const differenceLines = (
  from: readonly SubscriptionItem[],
  to: readonly SubscriptionItem[],
  rest: Rest,
): Charged => {
  const { lines, total } = signedDifference(from, to, rest);
  return total.amountMinor > 0n ? { lines, charge: total } : { lines: [], charge: money(0n, rest.currency) };
};

/**
 * Fraction left × (new − old), rounded once, so that there and back is nothing. What goes is credited, what comes is
 * charged, what stays is not mentioned; the units that rounding leaves over go to the last line.
 */
export const signedDifference = (
  from: readonly SubscriptionItem[],
  to: readonly SubscriptionItem[],
  rest: Rest,
): { readonly lines: readonly ChangeLine[]; readonly total: Money } => {
  const { fraction, currency } = rest;
  const gone = from.flatMap((item) => less(item, sameOf(to, item)));
  const come = to.flatMap((item) => less(item, sameOf(from, item)));
  const difference = subtract(priceOfItems(come, currency), priceOfItems(gone, currency));
  const total = multiplyRatio(difference, fraction.numerator, fraction.denominator);
  const part = (item: SubscriptionItem): Money =>
    multiplyRatio(priceOfItems([item], currency), fraction.numerator, fraction.denominator);
  const lines = [
    ...gone.map((item) => lineOf(item, negate(part(item)), rest)),
    ...come.map((item) => lineOf(item, part(item), rest)),
  ];
  return { lines: withRemainder(lines, total), total };
};

/**
 * A whole new period, under each line what a coupon takes off it, less what is left of the one that was paid. A
 * negative sum is answered as null.
 */
export const newPeriodLines = (
  to: readonly SubscriptionItem[],
  less: {
    readonly unused: Unused | null;
    readonly off: RenewalCoupon | null;
  },
  period: Period,
): Charged | null => {
  const { unused, off } = less;
  const currency = currencyOf(to);
  const lines = [
    ...periodLines(to, off, period),
    ...(unused === null || isZero(unused.amount) ? [] : creditLines(unused)),
  ];
  const charge = totalOf(lines, currency);
  if (charge.amountMinor < 0n) return null;
  return { lines, charge };
};

const periodLines = (
  to: readonly SubscriptionItem[],
  off: RenewalCoupon | null,
  period: Period,
): readonly ChangeLine[] => {
  const amounts = to.map((item) => priceOfItems([item], item.unitPrice.currency));
  const parts = off === null ? [] : discountParts(discountOf(off.discount, sum(amounts, currencyOf(to))), amounts);
  return to.flatMap(({ name, quantity, unitPrice, taxBehavior }, index) => {
    const line: ChangeLine = { description: name, quantity, unitPrice, taxBehavior, period };
    const part = parts[index];
    if (off === null || part === undefined || isZero(part)) return [line];
    return [line, { ...line, description: `${name} – ${off.code}`, quantity: 1, unitPrice: negate(part) }];
  });
};

const currencyOf = (items: readonly SubscriptionItem[]): Money['currency'] => items[0]?.unitPrice.currency ?? 'USD';

const creditLines = (unused: Unused): readonly ChangeLine[] => {
  const weights = unused.items.map(({ quantity, unitPrice }) => unitPrice.amountMinor * BigInt(quantity));
  // What costs nothing now may have been paid for before.
  const parts = allocate(unused.amount, weights.some((weight) => weight > 0n) ? weights : weights.map(() => 1n));
  return unused.items.flatMap((item, index) => {
    const part = parts[index];
    return part === undefined || isZero(part) ? [] : [lineOf(item, negate(part), unused)];
  });
};

const totalOf = (lines: readonly ChangeLine[], currency: Money['currency']): Money =>
  sum(
    lines.map(({ unitPrice, quantity }) => money(unitPrice.amountMinor * BigInt(quantity), unitPrice.currency)),
    currency,
  );

const lineOf = (
  item: SubscriptionItem,
  amount: Money,
  { period, language }: Pick<Rest, 'period' | 'language'>,
): ChangeLine => ({
  description: lineWords(language)[amount.amountMinor < 0n ? 'unusedPart' : 'restOfPeriod'](
    item.quantity === 1 ? item.name : `${item.quantity} × ${item.name}`,
  ),
  quantity: 1,
  unitPrice: amount,
  taxBehavior: item.taxBehavior,
  period,
});

const withRemainder = (lines: readonly ChangeLine[], total: Money): readonly ChangeLine[] => {
  const remainder = subtract(total, totalOf(lines, total.currency));
  return lines.map((line, index) =>
    index === lines.length - 1
      ? { ...line, unitPrice: money(line.unitPrice.amountMinor + remainder.amountMinor, total.currency) }
      : line,
  );
};

/** The item of the other side that is priced alike. */
const sameOf = (items: readonly SubscriptionItem[], item: SubscriptionItem): SubscriptionItem | null =>
  items.find(
    (other) =>
      other.key === item.key &&
      other.planVersionId === item.planVersionId &&
      other.taxBehavior === item.taxBehavior &&
      other.unitPrice.amountMinor === item.unitPrice.amountMinor,
  ) ?? null;

/** What one side has more than the other. */
const less = (item: SubscriptionItem, other: SubscriptionItem | null): readonly SubscriptionItem[] => {
  const quantity = item.quantity - (other?.quantity ?? 0);
  return quantity > 0 ? [{ ...item, quantity }] : [];
};
