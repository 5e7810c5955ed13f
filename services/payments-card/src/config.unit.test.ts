import { ConfigError, loadConfig } from '@quittance/runtime';
import { expect } from 'chai';

import { paymentsCardConfig } from './config.ts';

const JWK = Buffer.from(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'abc' })).toString('base64url');

const ENV = {
  QUITTANCE_MODE: 'sandbox',
  DATABASE_URL: 'postgresql://db',
  BUS_DATABASE_URL: 'postgresql://bus',
  INTERNAL_TOKEN_PUBLIC_KEY: JWK,
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_new, whsec_old',
};

const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    loadConfig(paymentsCardConfig, { ...ENV, ...env });
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : ['something else'];
  }
};

describe('paymentsCardConfig', () => {
  it('takes several webhook secrets while one is rolled', () => {
    const { STRIPE_WEBHOOK_SECRET: secrets } = loadConfig(paymentsCardConfig, ENV);

    expect(secrets.map((secret) => secret.reveal())).to.deep.equal(['whsec_new', 'whsec_old']);
  });

  const ALLOWED = [
    ['a test key in the sandbox', {}],
    ['a test key and a stand-in in the sandbox', { STRIPE_API_BASE: 'http://127.0.0.1:4010' }],
    ['a live key in production', { QUITTANCE_MODE: 'production', STRIPE_SECRET_KEY: 'sk_live_1' }],
    ['a test key in production, when allowed', { QUITTANCE_MODE: 'production', PAYMENTS_ALLOW_TEST_KEY: 'true' }],
  ] as const;
  for (const [name, env] of ALLOWED) {
    it(`allows ${name}`, () => {
      expect(problemsOf(env)).to.deep.equal([]);
    });
  }

  const REFUSED = [
    ['a live key outside production', { STRIPE_SECRET_KEY: 'sk_live_1' }, 'STRIPE_SECRET_KEY'],
    ['a restricted live key outside production', { STRIPE_SECRET_KEY: 'rk_live_1' }, 'STRIPE_SECRET_KEY'],
    ['a test key in production', { QUITTANCE_MODE: 'production' }, 'STRIPE_SECRET_KEY'],
    ['a publishable key', { STRIPE_SECRET_KEY: 'pk_test_1' }, 'STRIPE_SECRET_KEY'],
    [
      'a live key to a stand-in',
      { QUITTANCE_MODE: 'production', STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_API_BASE: 'https://x.example' },
      'STRIPE_API_BASE',
    ],
  ] as const;
  for (const [name, env, variable] of REFUSED) {
    it(`refuses ${name}, without printing it`, () => {
      const problems = problemsOf(env);

      expect(problems).to.have.length(1);
      expect(problems[0]).to.contain(variable).and.not.contain('_live_1').and.not.contain('_test_1');
    });
  }
});
