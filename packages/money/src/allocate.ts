import { assert } from '@quittance/kernel';

import { type Money, money, negate } from './money.ts';

/**
 * Splits `total` in proportion to `weights` by largest remainder: parts always sum to the whole. Units that rounding
 * leaves over go to the largest remainders, ties to the earlier weight. A negative total is the mirror of its positive.
 * @throws AssertionFailed without weights, for a negative weight, or when all weights are zero.
 */
export const allocate = (total: Money, weights: readonly bigint[]): readonly Money[] => {
  if (total.amountMinor < 0n) return allocate(negate(total), weights).map(negate);
  const whole = weights.reduce((left, right) => left + right, 0n);
  assert(whole > 0n && weights.every((weight) => weight >= 0n), 'weights must not be negative, nor all zero');
  const shares = weights.map((weight, index) => ({
    index,
    units: (total.amountMinor * weight) / whole,
    remainder: (total.amountMinor * weight) % whole,
  }));
  const leftOver = total.amountMinor - shares.reduce((given, share) => given + share.units, 0n);
  const lucky = new Set(
    shares
      .toSorted((left, right) => byRemainderThenOrder(left, right))
      .slice(0, Number(leftOver))
      .map((share) => share.index),
  );
  return shares.map((share) => money(share.units + (lucky.has(share.index) ? 1n : 0n), total.currency));
};

interface Share {
  readonly index: number;
  readonly remainder: bigint;
}

const byRemainderThenOrder = (left: Share, right: Share): number => {
  if (left.remainder === right.remainder) return left.index - right.index;
  return left.remainder > right.remainder ? -1 : 1;
};
