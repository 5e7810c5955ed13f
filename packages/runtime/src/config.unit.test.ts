import { inspect } from 'node:util';

import { expect } from 'chai';
import { z } from 'zod';

import { ConfigError, describeConfig, loadConfig, secretString } from './config.ts';
import { serviceConfig } from './service-config.ts';

const publicKey = Buffer.from(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'abc' })).toString('base64url');
const schema = z.object({ ...serviceConfig });
const valid = {
  DATABASE_URL: 'postgresql://localhost/catalog',
  BUS_DATABASE_URL: 'postgresql://localhost/bus',
  INTERNAL_TOKEN_PUBLIC_KEY: publicKey,
};

const problemsOf = (env: Record<string, string | undefined>): readonly string[] => {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('fills in defaults and parses lists and keys', () => {
    const config = loadConfig(schema, { ...valid, PORT: '8080', UNDECLARED: 'ignored' });

    expect(config.PORT).to.equal(8080);
    expect(config.QUITTANCE_MODE).to.equal('production');
    expect(config.RETRY_TIERS_MS).to.deep.equal([1000, 10_000, 60_000, 600_000]);
    expect(config.INTERNAL_TOKEN_PUBLIC_KEY).to.deep.equal({ kty: 'OKP', crv: 'Ed25519', x: 'abc' });
    expect(config).not.to.have.property('UNDECLARED');
  });

  it('names every wrong variable at once and never its value', () => {
    const problems = problemsOf({ PORT: 'hunter2', RETRY_TIERS_MS: 'soon', BUS_DATABASE_URL: 'x' });

    expect(problems.map((problem) => problem.split(' ')[0])).to.have.members([
      'PORT',
      'DATABASE_URL',
      'RETRY_TIERS_MS',
      'INTERNAL_TOKEN_PUBLIC_KEY',
    ]);
    expect(problems.join(' ')).not.to.match(/hunter2|soon/);
  });

  it('treats an empty variable as unset', () => {
    expect(problemsOf({ ...valid, DATABASE_URL: '' })).to.deep.equal(['DATABASE_URL is required and not set.']);
  });

  it('wants exactly one message bus', () => {
    const sentence = 'Exactly one of RABBITMQ_URL and BUS_DATABASE_URL must be set.';

    expect(problemsOf({ ...valid, RABBITMQ_URL: 'amqp://localhost' })).to.deep.equal([sentence]);
    expect(problemsOf({ ...valid, BUS_DATABASE_URL: undefined })).to.deep.equal([sentence]);
  });

  it('refuses a kill point in production', () => {
    const env = { ...valid, KILL_POINT: 'relay.publish:before' };

    expect(problemsOf(env)).to.have.length(1);
    expect(problemsOf({ ...env, QUITTANCE_MODE: 'sandbox' })).to.deep.equal([]);
  });

  it('fails by assertion when a variable has no description', () => {
    expect(() => loadConfig(z.object({ NEW_THING: z.string() }), { NEW_THING: 'x' })).to.throw(/NEW_THING needs/);
  });
});

describe('describeConfig', () => {
  it('tells requirement, default and secrecy through every layer', () => {
    const rows = describeConfig(schema);
    const row = (name: string) => rows.find((candidate) => candidate.name === name);

    expect(row('DATABASE_URL')).to.include({ required: true, secret: true, default: null });
    expect(row('RABBITMQ_URL')).to.include({ required: false, secret: true });
    expect(row('RETRY_TIERS_MS')).to.include({ required: false, default: '1000,10000,60000,600000', secret: false });
  });
});

describe('secretString', () => {
  it('gives a value that only reveal() shows', () => {
    const { KEY } = loadConfig(z.object({ KEY: secretString().describe('A key.') }), { KEY: 'sk_live_1' });

    expect([String(KEY), JSON.stringify({ KEY }), inspect({ KEY })].join()).not.to.contain('sk_live_1');
    expect(KEY.reveal()).to.equal('sk_live_1');
  });
});
