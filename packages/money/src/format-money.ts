import { assert } from '@quittance/kernel';

import { type Currency, exponentOf } from './currency.ts';
import { type Money, money } from './money.ts';

/**
 * The amount as people of a locale write it, exact at any size, with the currency's own digits.
 * Narrow no-break spaces (U+202F) become U+00A0, because fonts for print lack them; direction marks are left out, because
 * the text is placed by a layout that knows its own direction.
 */
export const formatMoney = (amount: Money, locale: string): string => {
  const digits = exponentOf(amount.currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: amount.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const decimal = toDecimal(amount);
  assert(isNumeric(decimal), `not a decimal: ${decimal}`);
  return format.format(decimal).replaceAll('\u202F', '\u00A0').replaceAll(DIRECTION_MARKS, '');
};

/** `1999n USD` → `"19.99"`, `5n XOF` → `"5"`: for files and providers that want a plain decimal. */
export const toDecimal = (amount: Money): string => {
  const digits = exponentOf(amount.currency);
  const sign = amount.amountMinor < 0n ? '-' : '';
  const units = (amount.amountMinor < 0n ? -amount.amountMinor : amount.amountMinor)
    .toString()
    .padStart(digits + 1, '0');
  return digits === 0 ? sign + units : `${sign}${units.slice(0, -digits)}.${units.slice(-digits)}`;
};

/** `"19.99"` USD → 1999n, exact: null for anything but a plain decimal with no more digits than the currency has. */
export const parseMoney = (decimal: string, currency: Currency): Money | null => {
  const match = /^(-?)(\d{1,18})(?:\.(\d+))?$/.exec(decimal);
  const digits = exponentOf(currency);
  const fraction = match?.[3] ?? '';
  if (match === null || fraction.length > digits) return null;
  const units = BigInt(`${match[2] ?? ''}${fraction.padEnd(digits, '0')}`);
  return money(match[1] === '-' ? -units : units, currency);
};

const DIRECTION_MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

const isNumeric = (text: string): text is `${number}` => /^-?\d+(\.\d+)?$/.test(text);
