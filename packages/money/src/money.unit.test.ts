import { AssertionFailed } from '@quittance/kernel';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  add,
  allocate,
  amountAsNumber,
  compare,
  divideRounded,
  money,
  multiplyRatio,
  negate,
  subtract,
  sum,
} from './index.ts';

const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

describe('divideRounded', () => {
  const table: readonly [bigint, bigint, bigint][] = [
    [0n, 3n, 0n],
    [1n, 2n, 1n], // 0.5 → 1
    [-1n, 2n, -1n], // −0.5 → −1
    [5n, 2n, 3n], // 2.5 → 3
    [-5n, 2n, -3n], // −2.5 → −3
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [4n, 3n, 1n], // 1.33 → 1
    [5n, 3n, 2n], // 1.67 → 2
    [2n ** 70n, 1n, 2n ** 70n], // beyond floats
  ];
  for (const [numerator, denominator, expected] of table) {
    it(`${numerator} ÷ ${denominator} is ${expected}`, () => {
      expect(divideRounded(numerator, denominator)).to.equal(expected);
    });
  }

  it('is never further than half a unit from the exact quotient, and is symmetric', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 1n, max: 10n ** 9n }), (numerator, denominator) => {
        const quotient = divideRounded(numerator, denominator);
        const twiceOff = 2n * (quotient * denominator - numerator);
        expect(twiceOff <= denominator && -twiceOff <= denominator).to.equal(true);
        expect(divideRounded(-numerator, denominator)).to.equal(-quotient);
      }),
    );
  });
});

describe('money', () => {
  it('adds, subtracts, negates, compares and sums', () => {
    expect(add(money(1999n, 'USD'), money(1n, 'USD'))).to.deep.equal(money(2000n, 'USD'));
    expect(subtract(money(5n, 'XOF'), money(7n, 'XOF'))).to.deep.equal(money(-2n, 'XOF'));
    expect(negate(money(5n, 'EUR'))).to.deep.equal(money(-5n, 'EUR'));
    expect(sum([money(1n, 'EUR'), money(2n, 'EUR')], 'EUR')).to.deep.equal(money(3n, 'EUR'));
    expect(sum([], 'EUR')).to.deep.equal(money(0n, 'EUR'));
    expect([1n, 2n, 3n].map((units) => compare(money(units, 'EUR'), money(2n, 'EUR')))).to.deep.equal([-1, 0, 1]);
  });

  it('refuses two currencies in one calculation', () => {
    const mixed = [add, subtract, compare].map((operation) => () => operation(money(1n, 'USD'), money(1n, 'EUR')));

    for (const attempt of mixed) expect(attempt).to.throw(AssertionFailed, 'USD and EUR');
    expect(() => sum([money(1n, 'USD')], 'EUR')).to.throw(AssertionFailed);
  });

  it('fits the wire up to 2^53 − 1 minor units and not one more', () => {
    expect(amountAsNumber(money(9_007_199_254_740_991n, 'USD'))).to.equal(Number.MAX_SAFE_INTEGER);
    expect(() => amountAsNumber(money(9_007_199_254_740_992n, 'USD'))).to.throw(AssertionFailed);
  });

  it('multiplies by a ratio and rounds once', () => {
    expect(multiplyRatio(money(10000n, 'USD'), 15n, 30n)).to.deep.equal(money(5000n, 'USD')); // 100.00 × 15/30
    expect(multiplyRatio(money(100n, 'USD'), 1n, 3n)).to.deep.equal(money(33n, 'USD')); // 33.33
    expect(multiplyRatio(money(-5n, 'USD'), 1n, 2n)).to.deep.equal(money(-3n, 'USD')); // −2.5
  });
});

describe('allocate', () => {
  const table: readonly [bigint, readonly bigint[], readonly bigint[]][] = [
    [10n, [1n, 1n, 5n], [2n, 1n, 7n]], // 1.43, 1.43, 7.14: one unit over, to the first of the largest remainders
    [-10n, [1n, 1n, 5n], [-2n, -1n, -7n]],
    [1n, [1n, 1n], [1n, 0n]], // tie by order
    [0n, [1n, 2n], [0n, 0n]],
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [5n, [0n, 1n], [0n, 5n]],
    [7n, [3n], [7n]],
    [1n, [0n, 0n, 1n, 0n], [0n, 0n, 1n, 0n]], // one minor unit, and only one may have it
    [-1n, [1n, 1n], [-1n, 0n]],
    [2n, [0n, 1n, 1n, 1n], [0n, 1n, 1n, 0n]], // 0.67 each: two units over, none to the weight of nothing
    [10n ** 15n, [1n, 1n, 1n], [333_333_333_333_334n, 333_333_333_333_333n, 333_333_333_333_333n]],
    [1n - 10n ** 15n, [1n, 1n], [-500_000_000_000_000n, -499_999_999_999_999n]],
  ];
  for (const [total, weights, expected] of table) {
    it(`${total} by ${weights.join(':')} is ${expected.join(', ')}`, () => {
      expect(allocate(money(total, 'USD'), weights).map((part) => part.amountMinor)).to.deep.equal(expected);
    });
  }

  it('refuses no weights, negative weights and all zero', () => {
    for (const weights of [[], [1n, -1n, 3n], [0n, 0n]]) {
      expect(() => allocate(money(10n, 'USD'), weights)).to.throw(AssertionFailed);
    }
  });

  it('sums to the whole, and no part is a unit or more from its exact share', () => {
    const someWeights = fc
      .array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1, maxLength: 20 })
      .filter((weights) => weights.some((weight) => weight > 0n));
    fc.assert(
      fc.property(amounts, someWeights, (total, weights) => {
        const parts = allocate(money(total, 'USD'), weights).map((part) => part.amountMinor);
        const whole = weights.reduce((left, right) => left + right, 0n);
        expect(parts.reduce((left, right) => left + right, 0n)).to.equal(total);
        for (const [index, weight] of weights.entries()) {
          const off = (parts[index] ?? 0n) * whole - total * weight;
          expect(off < whole && -off < whole).to.equal(true);
          if (weight === 0n) expect(parts[index]).to.equal(0n);
        }
      }),
    );
  });
});
