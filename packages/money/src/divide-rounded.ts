import { assert } from '@quittance/kernel';

/**
 * Integer quotient rounded to nearest, half away from zero: 5/2 → 3, −5/2 → −3. Symmetric on purpose, so that a refund
 * is the mirror of its charge.
 */
export const divideRounded = (numerator: bigint, denominator: bigint): bigint => {
  assert(denominator !== 0n, 'division by zero');
  const negative = numerator < 0n !== denominator < 0n;
  const top = magnitude(numerator);
  const bottom = magnitude(denominator);
  const rounded = (2n * top + bottom) / (2n * bottom);
  return negative ? -rounded : rounded;
};

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
