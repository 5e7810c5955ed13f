import { expect } from 'chai';

import { catalogConfig } from './config.ts';

describe('catalogConfig', () => {
  const { CATALOG_LANGUAGES, CATALOG_CURRENCIES, CATALOG_TAX_INCLUSIVE_CURRENCIES } = catalogConfig.shape;

  for (const [name, variable, good, bad] of [
    ['CATALOG_LANGUAGES', CATALOG_LANGUAGES, 'en,fr', 'en,fr,en'],
    ['CATALOG_CURRENCIES', CATALOG_CURRENCIES, 'EUR,USD', 'EUR,USD,EUR'],
    ['CATALOG_TAX_INCLUSIVE_CURRENCIES', CATALOG_TAX_INCLUSIVE_CURRENCIES, 'EUR', 'EUR,EUR'],
  ] as const) {
    it(`takes ${good} as ${name}, and refuses ${bad}`, () => {
      expect(variable.parse(good)).to.deep.equal(good.split(','));
      expect(variable.safeParse(bad).error?.issues.map(({ message }) => message)).to.deep.equal([
        'must name each once',
      ]);
    });
  }
});
