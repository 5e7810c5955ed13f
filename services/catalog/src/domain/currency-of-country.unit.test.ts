import { isCountry } from '@quittance/kernel';
import { SUPPORTED_CURRENCIES } from '@quittance/money';
import { expect } from 'chai';

import { currencyOfCountry } from './currency-of-country.ts';

describe('currencyOfCountry', () => {
  const table: readonly [string, string][] = [
    ['FR', 'EUR'],
    ['BG', 'EUR'], // since 2026
    ['RE', 'EUR'],
    ['MQ', 'EUR'],
    ['GF', 'EUR'],
    ['AX', 'EUR'],
    ['XK', 'EUR'],
    ['JE', 'GBP'],
    ['GI', 'CNY'], // has a pound of its own
    ['NA', 'ZAR'],
    ['SN', 'XOF'],
    ['CM', 'CNY'], // the other franc, XAF
    ['GU', 'USD'],
    ['BQ', 'USD'],
    ['CH', 'CNY'],
  ];
  for (const [country, currency] of table) {
    it(`${country} pays in ${currency}, where yuan are what everybody else is told`, () => {
      expect(currencyOfCountry(country, ['CNY', ...SUPPORTED_CURRENCIES])).to.equal(currency);
    });
  }

  it('is the first one where that of the country is not offered', () => {
    expect(currencyOfCountry('RE', ['GBP', 'USD'])).to.equal('GBP');
  });

  it('has every territory of the euro that is a country of ISO 3166-1', () => {
    const territories = ['AX', 'BL', 'GF', 'GP', 'MF', 'MQ', 'PM', 'RE', 'TF', 'YT'];

    expect(territories.filter((each) => !isCountry(each))).to.deep.equal([]);
    expect(territories.filter((each) => currencyOfCountry(each, ['USD', 'EUR']) !== 'EUR')).to.deep.equal([]);
  });
});
