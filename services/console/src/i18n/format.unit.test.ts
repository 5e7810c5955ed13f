import { expect } from 'chai';

import { formatInstant, formatMoney, formatRate, formatSpan, minorDigits } from './format.ts';

const CURRENCIES = { USD: 2, EUR: 2, GBP: 2, NGN: 2, GHS: 2, KES: 2, ZAR: 2, CNY: 2, XOF: 0 };

describe('minorDigits', () => {
  for (const [currency, digits] of Object.entries(CURRENCIES)) {
    it(`of ${currency} is ${digits}`, () => {
      expect(minorDigits(currency)).to.equal(digits);
    });
  }
});

describe('formatSpan', () => {
  it('says how long a custom cycle is', () => {
    expect(formatSpan('P90D', 'en')).to.equal('90 days');
    expect(formatSpan('P6W', 'fr')?.replaceAll(/\s/g, ' ')).to.equal('6 semaines');
    expect(formatSpan('P3M', 'ar')).to.equal('3 أشهر');
    expect(formatSpan('month', 'en')).to.equal(null);
  });
});

describe('formatMoney', () => {
  it('writes minor units as the language does', () => {
    expect(formatMoney({ amount: 1999, currency: 'USD' }, 'en')).to.equal('$19.99');
    expect(formatMoney({ amount: -5, currency: 'EUR' }, 'en')).to.equal('-€0.05');
    expect(formatMoney({ amount: 123_456, currency: 'EUR' }, 'fr').replaceAll(/\s/g, ' ')).to.equal('1 234,56 €');
    expect(formatMoney({ amount: 12_500, currency: 'XOF' }, 'en')).to.match(/12,500$/);
  });

  it('keeps the letters and the sign of a currency together in Arabic', () => {
    expect(formatMoney({ amount: 9900, currency: 'USD' }, 'ar')).to.include('\u2066US$\u2069');
  });

  it('may leave out the digits of whole amounts, and only of those', () => {
    expect(formatMoney({ amount: 9900, currency: 'USD' }, 'en', { short: true })).to.equal('$99');
    expect(formatMoney({ amount: 9950, currency: 'USD' }, 'en', { short: true })).to.equal('$99.50');
  });
});

describe('formatRate', () => {
  it('writes parts per million as a percentage', () => {
    expect(formatRate(200_000, 'en')).to.equal('20%');
    expect(formatRate(75_000, 'en')).to.equal('7.5%');
  });
});

describe('formatInstant', () => {
  it('names the time zone wherever it tells the hour', () => {
    const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
      .formatToParts(new Date('2026-12-22T10:00:00Z'))
      .find((part) => part.type === 'timeZoneName')?.value;

    expect(formatInstant('2026-12-22T10:00:00.000Z', 'en')).to.include(zone).and.to.include('2026');
    expect(formatInstant('2026-12-22T10:00:00.000Z', 'en', 'second')).to.include('00.000');
  });
});
