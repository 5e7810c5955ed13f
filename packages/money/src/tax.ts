import { assert } from '@quittance/kernel';

import { type Money, multiplyRatio, subtract, add } from './money.ts';

/** One amount seen three ways; always net + tax = gross. */
export interface TaxedAmount {
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
}

/** A rate of 1 in parts per million: 200 000 ppm is 20 %. */
const WHOLE_PPM = 1_000_000n;

/** The price is before tax: tax = net × rate, half away from zero. */
export const taxExclusive = (net: Money, ratePpm: number): TaxedAmount => {
  const tax = multiplyRatio(net, checkedRate(ratePpm), WHOLE_PPM);
  return { net, tax, gross: add(net, tax) };
};

/** The price holds its tax: net = gross ÷ (1 + rate), half away from zero, and the tax is the rest. */
export const taxInclusive = (gross: Money, ratePpm: number): TaxedAmount => {
  const net = multiplyRatio(gross, WHOLE_PPM, WHOLE_PPM + checkedRate(ratePpm));
  return { net, tax: subtract(gross, net), gross };
};

const checkedRate = (ratePpm: number): bigint => {
  assert(Number.isSafeInteger(ratePpm) && ratePpm >= 0, `a tax rate is a whole number of ppm, not ${ratePpm}`);
  return BigInt(ratePpm);
};
