import { ConfigError, loadConfig } from '@quittance/runtime';
import { expect } from 'chai';

import { invoicingConfig, sellerOf } from './config.ts';

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

  const wrong: readonly [string, Record<string, string>][] = [
    ['SELLER_NAME', { QUITTANCE_MODE: 'production' }],
    ['SELLER_REGISTRATIONS', { SELLER_REGISTRATIONS: 'FR,EU-MOSS' }],
    ['SELLER_TIME_ZONE', { SELLER_TIME_ZONE: 'Europe/Pariss' }],
    ['SELLER_NUMBER_PREFIX', { SELLER_NUMBER_PREFIX: 'qt-' }],
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
