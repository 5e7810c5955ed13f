import { assert } from '@quittance/kernel';

import { type Currency } from './currency.ts';
import { divideRounded } from './divide-rounded.ts';

/** An amount in whole minor units of its currency: 1999n USD is 19.99 US dollars. May be negative. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

export const money = (amountMinor: bigint, currency: Currency): Money => ({ amountMinor, currency });

/** @throws AssertionFailed for two currencies, as everything here: converting is never implied, so it is our bug. */
export const add = (left: Money, right: Money): Money => {
  assertSameCurrency(left, right);
  return money(left.amountMinor + right.amountMinor, left.currency);
};

export const subtract = (left: Money, right: Money): Money => add(left, negate(right));

export const negate = (amount: Money): Money => money(-amount.amountMinor, amount.currency);

export const isZero = (amount: Money): boolean => amount.amountMinor === 0n;

/** −1, 0 or 1, for sorting and for conditions. */
export const compare = (left: Money, right: Money): -1 | 0 | 1 => {
  assertSameCurrency(left, right);
  if (left.amountMinor === right.amountMinor) return 0;
  return left.amountMinor < right.amountMinor ? -1 : 1;
};

export const equals = (left: Money, right: Money): boolean =>
  left.currency === right.currency && left.amountMinor === right.amountMinor;

/** The currency is named because an empty list has a sum too. */
export const sum = (amounts: readonly Money[], currency: Currency): Money =>
  amounts.reduce((total, amount) => add(total, amount), money(0n, currency));

/** `amount × numerator ÷ denominator`, rounded once, half away from zero. */
export const multiplyRatio = (amount: Money, numerator: bigint, denominator: bigint): Money =>
  money(divideRounded(amount.amountMinor * numerator, denominator), amount.currency);

/** The wire carries JSON numbers; an amount beyond 2^53 − 1 minor units fails here instead of losing its last digit. */
export const amountAsNumber = (amount: Money): number => {
  const number = Number(amount.amountMinor);
  assert(Number.isSafeInteger(number), `amount ${amount.amountMinor} ${amount.currency} does not fit the wire`);
  return number;
};

const assertSameCurrency = (left: Money, right: Money): void => {
  assert(left.currency === right.currency, `amounts in ${left.currency} and ${right.currency} were mixed`);
};
