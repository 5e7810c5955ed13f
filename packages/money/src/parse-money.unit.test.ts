import { expect } from 'chai';
import fc from 'fast-check';

import { money, parseMoney, SUPPORTED_CURRENCIES, toDecimal } from './index.ts';

describe('parseMoney', () => {
  const CASES = [
    ['19.99', 'USD', 1999n],
    ['19.9', 'USD', 1990n],
    ['19', 'USD', 1900n],
    ['0', 'USD', 0n],
    ['-0.01', 'USD', -1n],
    // The CFA franc has no minor unit.
    ['500', 'XOF', 500n],
    ['500.0', 'XOF', null],
    ['19.999', 'USD', null],
    ['19,99', 'USD', null],
    ['1e3', 'USD', null],
    ['.5', 'USD', null],
    ['', 'USD', null],
    [' 1', 'USD', null],
    ['1234567890123456789', 'USD', null],
  ] as const;
  for (const [text, currency, amountMinor] of CASES) {
    it(`"${text}" ${currency} is ${amountMinor === null ? 'refused' : amountMinor.toString()}`, () => {
      expect(parseMoney(text, currency)).to.deep.equal(amountMinor === null ? null : money(amountMinor, currency));
    });
  }

  it('reads back what toDecimal wrote, in every currency', () => {
    const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(amounts, fc.constantFrom(...SUPPORTED_CURRENCIES), (amountMinor, currency) => {
        const amount = money(amountMinor, currency);
        expect(parseMoney(toDecimal(amount), currency)).to.deep.equal(amount);
      }),
    );
  });
});
