import { isAccountId, type Principal, Secret } from '@quittance/kernel';
import { expect } from 'chai';

import { reasonOf, START_MS } from '../test/gate.ts';
import { bearerIdentity } from './identity.ts';
import {
  makeInternalIssuer,
  makeInternalKeyPair,
  makeInternalVerifier,
  readInternalPrivateJwk,
} from './internal-identity.ts';

const account = 'acme';
const principal: Principal = {
  kind: 'customer',
  subject: 'user-1',
  accountId: isAccountId(account) ? account : null,
  permissions: new Set(['own.read', 'own.write']),
};

const setUp = async () => {
  const time = { nowMs: START_MS };
  const wallClock = { nowMs: () => time.nowMs };
  const { privateJwk, publicJwk } = await makeInternalKeyPair();
  return {
    time,
    publicJwk,
    issuer: makeInternalIssuer(privateJwk, wallClock),
    verifierOf: (service: string, key = publicJwk) => makeInternalVerifier(key, { service, wallClock }),
  };
};

describe('internal identity', () => {
  it('carries the principal from the gateway to any service', async () => {
    const { issuer, verifierOf } = await setUp();

    const token = await issuer.issue(principal);

    expect(await verifierOf('catalog').verify(token)).to.deep.equal(principal);
    expect(await verifierOf('invoicing').verify(token)).to.deep.equal(principal);
  });

  it('is for one service when it names one', async () => {
    const { issuer, verifierOf } = await setUp();

    const token = await issuer.issue(principal, 'catalog');

    expect(await reasonOf(verifierOf('catalog').verify(token))).to.equal('accepted');
    expect(await reasonOf(verifierOf('invoicing').verify(token))).to.equal('audience');
  });

  it('is reused for 20 s and lives 60 s, and a little for clocks that differ', async () => {
    const { time, issuer, verifierOf } = await setUp();
    const token = await issuer.issue(principal);

    time.nowMs += 19_000;
    const reused = await issuer.issue(principal);
    time.nowMs += 2000;
    const renewed = await issuer.issue(principal);
    time.nowMs += 70_000;
    const expired = await reasonOf(verifierOf('catalog').verify(token));

    expect(reused).to.equal(token);
    expect(renewed).not.to.equal(token);
    expect(expired).to.equal('expired');
  });

  it('never reuses the token of another principal', async () => {
    const { issuer } = await setUp();

    const more = await issuer.issue({ ...principal, permissions: new Set(['own.read', 'own.write', 'billing.read']) });

    expect(more).not.to.equal(await issuer.issue(principal));
  });

  it('is refused under another key', async () => {
    const { issuer, verifierOf } = await setUp();
    const other = await makeInternalKeyPair();

    const verdict = await reasonOf(verifierOf('catalog', other.publicJwk).verify(await issuer.issue(principal)));

    expect(verdict).to.equal('signature');
  });
});

describe('readInternalPrivateJwk', () => {
  it('reads what the configuration holds, and its error repeats none of it', async () => {
    const { privateJwk } = await makeInternalKeyPair();
    const encoded = Buffer.from(JSON.stringify(privateJwk)).toString('base64url');

    expect(readInternalPrivateJwk(new Secret(encoded))).to.deep.equal(privateJwk);
    expect(() => readInternalPrivateJwk(new Secret('hunter2')))
      .to.throw(/base64url/)
      .and.not.match(/hunter2/);
  });
});

describe('bearerIdentity', () => {
  const identity = bearerIdentity((token) => Promise.resolve({ ...principal, subject: token }));

  it('is nobody without a header, and the bearer of a token with one', async () => {
    expect(await identity({ headers: {} })).to.equal(null);
    expect(await identity({ headers: { authorization: 'bearer abc' } })).to.include({ subject: 'abc' });
  });

  for (const authorization of ['Basic abc', 'Bearer', 'Bearer a b', '']) {
    it(`refuses “${authorization}”`, async () => {
      expect(await reasonOf(identity({ headers: { authorization } }))).to.equal('scheme');
    });
  }
});
