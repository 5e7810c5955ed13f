import { money, SUPPORTED_CURRENCIES } from '@quittance/money';
import { ConfigError, loadConfig } from '@quittance/runtime';
import { expect } from 'chai';

import { invoicingConfig, minimumsOf, sellerOf } from './config.ts';

const publicKey = Buffer.from(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x' })).toString('base64url');
const base = {
  QUITTANCE_MODE: 'sandbox',
  DATABASE_URL: 'postgresql://127.0.0.1/invoicing',
  BUS_DATABASE_URL: 'postgresql://127.0.0.1/bus',
  INTERNAL_TOKEN_PUBLIC_KEY: publicKey,
};

describe('invoicingConfig', () => {
  it('sells in the sandbox as an invented French company with the EU one-stop shop', () => {
    expect(sellerOf(loadConfig(invoicingConfig, base))).to.deep.include({
      name: 'Quittance Demo SAS',
      country: 'FR',
      registrations: [{ kind: 'country', country: 'FR' }, { kind: 'eu_oss' }],
      timeZone: 'Europe/Paris',
      numberPrefix: 'QT',
    });
  });

  it('carries what is below Stripe’s minimum, unless told otherwise', () => {
    const minimum = minimumsOf(loadConfig(invoicingConfig, base));

    expect(minimum('card', 'USD')).to.deep.equal(money(50n, 'USD'));
    expect(minimum('card', 'GBP')).to.deep.equal(money(30n, 'GBP'));
    // No minor unit: 350 is 350 francs.
    expect(minimum('card', 'XOF')).to.deep.equal(money(350n, 'XOF'));
    expect(SUPPORTED_CURRENCIES.filter((currency) => minimum('card', currency) === null)).to.deep.equal([]);
    expect(minimum('crypto', 'USD')).to.equal(null);
    const own = minimumsOf(loadConfig(invoicingConfig, { ...base, CARD_MINIMUMS: 'USD 1' }));
    expect([own('card', 'USD'), own('card', 'EUR')]).to.deep.equal([money(100n, 'USD'), null]);
    expect(minimumsOf(loadConfig(invoicingConfig, { ...base, CARD_MINIMUMS: ' ' }))('card', 'USD')).to.equal(null);
  });

  const wrong: readonly [string, Record<string, string>][] = [
    ['SELLER_NAME', { QUITTANCE_MODE: 'production' }],
    ['SELLER_REGISTRATIONS', { SELLER_REGISTRATIONS: 'FR,EU-MOSS' }],
    ['SELLER_REGISTRATIONS', { SELLER_REGISTRATIONS: 'FR,EL' }],
    ['SELLER_COUNTRY', { SELLER_COUNTRY: 'UK' }],
    ['SELLER_TIME_ZONE', { SELLER_TIME_ZONE: 'Europe/Pariss' }],
    ['SELLER_NUMBER_PREFIX', { SELLER_NUMBER_PREFIX: 'qt-' }],
    ['CARD_MINIMUMS', { CARD_MINIMUMS: 'USD' }],
    ['CARD_MINIMUMS', { CARD_MINIMUMS: 'USD 0.50, USD 0.60' }],
    ['CARD_MINIMUMS', { CARD_MINIMUMS: 'USD 0.505' }],
    ['CARD_MINIMUMS', { CARD_MINIMUMS: 'USD 0' }],
    ['CARD_MINIMUMS', { CARD_MINIMUMS: 'ZZZ 1' }],
    ['CARD_MINIMUMS', { CARD_MINIMUMS: 'USD 0.50 EUR 0.50' }],
  ];
  for (const [name, variables] of wrong) {
    it(`refuses to start with ${JSON.stringify(variables)}`, () => {
      expect(() => loadConfig(invoicingConfig, { ...base, ...variables })).to.throw(ConfigError, name);
    });
  }

  it('starts in production under a real name', () => {
    const config = loadConfig(invoicingConfig, { ...base, QUITTANCE_MODE: 'production', SELLER_NAME: 'Example SARL' });

    expect(sellerOf(config).name).to.equal('Example SARL');
  });
});
