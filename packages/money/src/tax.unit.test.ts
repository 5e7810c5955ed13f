import { AssertionFailed } from '@quittance/kernel';
import { expect } from 'chai';
import fc from 'fast-check';

import { money, taxExclusive, taxInclusive, type TaxedAmount } from './index.ts';

const units = (amount: TaxedAmount) => [amount.net.amountMinor, amount.tax.amountMinor, amount.gross.amountMinor];

describe('tax arithmetic', () => {
  const exclusive: readonly [bigint, number, readonly bigint[]][] = [
    [10000n, 200_000, [10000n, 2000n, 12000n]], // 100.00 + 20 %
    [999n, 200_000, [999n, 200n, 1199n]], // 199.8 → 200
    [1n, 200_000, [1n, 0n, 1n]], // 0.2 → 0
    [10n, 250_000, [10n, 3n, 13n]], // 2.5 → 3
    [-10n, 250_000, [-10n, -3n, -13n]], // its mirror
    [1999n, 0, [1999n, 0n, 1999n]],
    [1000n, 75_000, [1000n, 75n, 1075n]], // Nigeria 7.5 %
  ];
  for (const [net, ratePpm, expected] of exclusive) {
    it(`${net} net at ${ratePpm} ppm is ${expected.join(' + ')}`, () => {
      expect(units(taxExclusive(money(net, 'EUR'), ratePpm))).to.deep.equal(expected);
    });
  }

  const inclusive: readonly [bigint, number, readonly bigint[]][] = [
    [12000n, 200_000, [10000n, 2000n, 12000n]], // 120.00 ÷ 1.2
    [9900n, 200_000, [8250n, 1650n, 9900n]], // 99.00 ÷ 1.2
    [1999n, 190_000, [1680n, 319n, 1999n]], // 1679.83 → 1680
    [1n, 200_000, [1n, 0n, 1n]], // 0.83 → 1
    [-12000n, 200_000, [-10000n, -2000n, -12000n]],
    [0n, 200_000, [0n, 0n, 0n]],
  ];
  for (const [gross, ratePpm, expected] of inclusive) {
    it(`${gross} gross at ${ratePpm} ppm holds ${expected.join(' + ')}`, () => {
      expect(units(taxInclusive(money(gross, 'EUR'), ratePpm))).to.deep.equal(expected);
    });
  }

  it('refuses a rate that is not whole or is negative', () => {
    for (const rate of [0.2, -1, Number.NaN])
      expect(() => taxExclusive(money(1n, 'EUR'), rate)).to.throw(AssertionFailed);
  });

  it('always has net + tax = gross, both ways', () => {
    const anyAmount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 0, max: 1_000_000 }), (amountMinor, ratePpm) => {
        for (const split of [
          taxExclusive(money(amountMinor, 'EUR'), ratePpm),
          taxInclusive(money(amountMinor, 'EUR'), ratePpm),
        ]) {
          expect(split.net.amountMinor + split.tax.amountMinor).to.equal(split.gross.amountMinor);
        }
      }),
    );
  });
});
