import { existsSync, readFileSync } from 'node:fs';

import { expect } from 'chai';
import { z } from 'zod';

import {
  exponentOf,
  formatMoney,
  isCurrency,
  isSupportedCurrency,
  money,
  SUPPORTED_CURRENCIES,
  toDecimal,
} from './index.ts';

const OracleTable = z.object({
  currencies: z.record(z.string(), z.object({ minor_units: z.int().nullable() })),
});

describe('currency', () => {
  it('knows the digits of every currency prices may be set in', () => {
    const digits = SUPPORTED_CURRENCIES.map((currency) => `${currency} ${exponentOf(currency)}`);

    expect(digits.join(', ')).to.equal('USD 2, EUR 2, GBP 2, NGN 2, GHS 2, KES 2, ZAR 2, XOF 0, CNY 2');
  });

  it('refuses what is not a currency, gold, and names that every object has', () => {
    for (const value of ['usd', 'XAU', 'ZZZ', 'toString', '', null, 840]) expect(isCurrency(value)).to.equal(false);
    expect(isSupportedCurrency('JPY')).to.equal(false);
  });

  // ISO’s list as somebody else derived it; the sentence at the end is printed where it was not checked out.
  const oracle = new URL('../../../../shared/oracles/money/iso4217_minor_units.json', import.meta.url);
  if (existsSync(oracle)) {
    it('agrees with ISO 4217 list one on every code', () => {
      const codes = Object.entries(OracleTable.parse(JSON.parse(readFileSync(oracle, 'utf8'))).currencies);

      expect(codes.length).to.be.greaterThan(170);
      for (const [code, { minor_units: expected }] of codes) {
        expect(isCurrency(code) ? exponentOf(code) : null, code).to.equal(expected);
      }
    });
  } else {
    process.stdout.write('money: ISO 4217 oracle is absent (../shared/oracles), its comparison was not run\n');
  }
});

describe('toDecimal', () => {
  it('places the point by currency, also for small and negative amounts', () => {
    expect(toDecimal(money(1999n, 'USD'))).to.equal('19.99');
    expect(toDecimal(money(-5n, 'USD'))).to.equal('-0.05');
    expect(toDecimal(money(1500n, 'XOF'))).to.equal('1500');
    expect(toDecimal(money(1n, 'KWD'))).to.equal('0.001');
  });
});

describe('formatMoney', () => {
  it('writes the currency’s own digits, whatever the runtime thinks', () => {
    expect(formatMoney(money(123456n, 'USD'), 'en-US')).to.equal('$1,234.56');
    expect(formatMoney(money(1500n, 'XOF'), 'en-US')).to.equal('F\u00A0CFA\u00A01,500');
    expect(formatMoney(money(9_007_199_254_740_993n, 'USD'), 'en-US')).to.equal('$90,071,992,547,409.93');
  });

  it('uses no narrow spaces in French', () => {
    expect(formatMoney(money(123456n, 'EUR'), 'fr-FR')).to.equal('1\u00A0234,56\u00A0€');
  });

  it('leaves no direction marks in Arabic', () => {
    const text = formatMoney(money(-10850n, 'USD'), 'ar');

    expect(text).not.to.match(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u202F]/);
    expect(text).to.match(/108[.,٫]50|١٠٨٫٥٠/);
  });
});
