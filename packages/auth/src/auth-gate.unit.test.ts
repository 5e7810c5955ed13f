import { createHmac, createPublicKey } from 'node:crypto';

import { Secret } from '@quittance/kernel';
import { expect } from 'chai';
import { exportSPKI, importJWK, SignJWT } from 'jose';

import {
  claimsOf,
  gateConfig,
  makeSigningKey,
  makeStub,
  reasonOf,
  type SigningKey,
  silent,
  START_MS,
} from '../test/gate.ts';
import { type AuthGateConfig, makeAuthGateVerifier } from './auth-gate.ts';

describe('makeAuthGateVerifier', () => {
  let first: SigningKey;
  let second: SigningKey;
  let published: readonly unknown[] | null = [];
  let jwks: Awaited<ReturnType<typeof makeStub>>;
  let nowMs = START_MS;

  before(async () => {
    [first, second] = await Promise.all([makeSigningKey('one'), makeSigningKey('two')]);
    jwks = await makeStub(() => (published === null ? null : { keys: published }));
  });
  after(() => jwks.close());
  beforeEach(() => {
    published = [first.jwk];
    nowMs = START_MS;
  });

  const make = (changes: Partial<AuthGateConfig> = {}) =>
    makeAuthGateVerifier(gateConfig(jwks.url, changes), { wallClock: { nowMs: () => nowMs }, logger: silent });

  it('gives subject, account, roles and scopes of a good token', async () => {
    const token = await first.sign(claimsOf({ roles: ['billing'], scope: 'usage.write openid', admin: true }));

    expect(await make().verify(token)).to.deep.equal({
      subject: 'user-1',
      accountId: 'acme',
      roles: ['billing'],
      scopes: ['usage.write', 'openid'],
      admin: true,
      expiresAtMs: START_MS + 300_000,
    });
  });

  for (const alg of ['ES256', 'EdDSA']) {
    it(`accepts ${alg}`, async () => {
      const key = await makeSigningKey('other', alg);
      published = [first.jwk, key.jwk];

      expect(await reasonOf(make().verify(await key.sign()))).to.equal('accepted');
    });
  }

  it('reads claims where the configuration says, also inside objects', async () => {
    const claims = {
      subject: 'uid',
      account: 'https://gate.example/account',
      roles: 'realm.roles',
      scopes: 'scp',
      admin: 'is.admin',
    };
    const token = await first.sign(
      claimsOf({
        uid: 'u9',
        'https://gate.example/account': 'zeta',
        realm: { roles: ['onboarding'] },
        scp: ['a'],
        is: { admin: true },
      }),
    );

    expect(await make({ claims }).verify(token)).to.include({ subject: 'u9', accountId: 'zeta', admin: true });
  });

  const seconds = START_MS / 1000;
  const refusals: readonly (readonly [string, string, () => Promise<string>])[] = [
    ['another issuer', 'issuer', () => first.sign(claimsOf({ iss: 'https://evil.example' }))],
    ['another audience', 'audience', () => first.sign(claimsOf({ aud: 'elsewhere' }))],
    ['no audience', 'audience', () => first.sign(claimsOf({ aud: undefined }))],
    ['an expired token, past the skew', 'expired', () => first.sign(claimsOf({ exp: seconds - 31 }))],
    ['a token that is not valid yet', 'not_yet_valid', () => first.sign(claimsOf({ nbf: seconds + 31 }))],
    ['no expiry', 'claims', () => first.sign(claimsOf({ exp: undefined }))],
    ['no subject', 'claims', () => first.sign(claimsOf({ sub: undefined }))],
    ['an account that is none', 'claims', () => first.sign(claimsOf({ account: 'a b' }))],
    ['another typ', 'type', () => first.sign(claimsOf(), { typ: 'JWT' })],
    ['no typ', 'type', () => first.sign(claimsOf(), { typ: undefined })],
    ['an unknown key id', 'unknown_key', () => second.sign()],
    ['a key id of another key', 'signature', () => second.sign(claimsOf(), { kid: 'one' })],
    ['a critical header it does not know', 'malformed', () => first.sign(claimsOf(), { crit: ['exp'], exp: 1 })],
  ];
  for (const [what, reason, sign] of refusals) {
    it(`refuses ${what}`, async () =>
      expect(await reasonOf(make().verify(await signOrMalformed(sign)))).to.equal(reason));
  }

  /** jose will not even make a token with an unknown critical header. */
  const signOrMalformed = async (sign: () => Promise<string>): Promise<string> => {
    try {
      return await sign();
    } catch {
      const [, payload, signature] = (await first.sign()).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'one', typ: 'at+jwt', crit: ['bork'], bork: 1 }));
      return [header.toString('base64url'), payload, signature].join('.');
    }
  };

  it('allows 30 s of difference between clocks', async () => {
    const token = await first.sign(claimsOf({ exp: seconds - 29, nbf: seconds + 29 }));

    expect(await reasonOf(make().verify(token))).to.equal('accepted');
  });

  it('refuses alg none, with and without a signature', async () => {
    const [, payload, signature] = (await first.sign()).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url');

      expect(await reasonOf(make().verify(`${header}.${payload}.`))).to.equal('malformed');
      expect(await reasonOf(make().verify(`${header}.${payload}.${signature}`))).to.be.oneOf([
        'algorithm',
        'malformed',
      ]);
    }
  });

  it('refuses HS256 made with the public key as its secret, also when a dev secret is set', async () => {
    const key = await importJWK(first.jwk, 'RS256');
    const pem = key instanceof Uint8Array ? '' : await exportSPKI(key);
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    for (const secret of [pem, der, JSON.stringify(first.jwk)]) {
      const [, payload] = (await first.sign()).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'one', typ: 'at+jwt' })).toString('base64url');
      const mac = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
      const forged = `${header}.${payload}.${mac}`;

      expect(await reasonOf(make().verify(forged))).to.equal('algorithm');
      expect(
        await reasonOf(make({ devSecret: new Secret('dev-secret-of-32-characters-at-least') }).verify(forged)),
      ).to.equal('signature');
    }
  });

  it('accepts HS256 only with the dev secret, and algorithms are never symmetric by configuration', async () => {
    const secret = 'dev-secret-of-32-characters-at-least';
    const token = await new SignJWT(claimsOf())
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(new TextEncoder().encode(secret));

    expect(await reasonOf(make({ devSecret: new Secret(secret) }).verify(token))).to.equal('accepted');
    expect(await reasonOf(make().verify(token))).to.equal('algorithm');
    expect(() => make({ algorithms: ['RS256', 'HS256'] })).to.throw(/asymmetric/);
  });

  it('never follows a key that the token brings along', async () => {
    const token = await second.sign(claimsOf(), {
      kid: 'one',
      jwk: second.jwk,
      jku: `${jwks.url}/evil`,
      x5u: `${jwks.url}/evil`,
    });
    const before = jwks.requests();

    expect(await reasonOf(make().verify(token))).to.equal('signature');
    expect(jwks.requests() - before).to.equal(1);
  });

  it('refuses a small RSA key and one with a small exponent', async () => {
    const small = await makeSigningKey('small', 'RS256');
    published = [first.jwk, { ...small.jwk, n: small.jwk.n?.slice(0, 171) }, { ...small.jwk, kid: 'weak', e: 'Aw' }];
    const verifier = make();

    expect(await reasonOf(verifier.verify(await small.sign()))).to.equal('unknown_key');
    expect(await reasonOf(verifier.verify(await small.sign(claimsOf(), { kid: 'weak' })))).to.equal('unknown_key');
  });

  it('refuses spellings of one signature that are not canonical', async () => {
    const token = await first.sign();

    for (const spelling of [`${token}=`, ` ${token}`, `${token}\n`, token.replace('.', '. '), 'x'.repeat(9000)]) {
      expect(await reasonOf(make().verify(spelling))).to.equal('malformed');
    }
  });

  context('when keys rotate', () => {
    it('fetches again for an unknown key id, at most once in 30 s', async () => {
      const verifier = make();
      await verifier.verify(await first.sign());
      const before = jwks.requests();
      published = [first.jwk, second.jwk];

      const tooSoon = await reasonOf(verifier.verify(await second.sign()));
      nowMs += 30_000;
      const afterwards = await reasonOf(verifier.verify(await second.sign()));
      for (let forged = 0; forged < 20; forged += 1) {
        await reasonOf(verifier.verify(await second.sign(claimsOf(), { kid: `forged-${forged}` })));
      }

      expect([tooSoon, afterwards]).to.deep.equal(['unknown_key', 'accepted']);
      expect(jwks.requests() - before).to.equal(1);
    });

    it('forgets what it verified with a withdrawn key', async () => {
      const verifier = make();
      const old = await first.sign();
      await verifier.verify(old);
      published = [second.jwk];
      nowMs += 30_000;
      await verifier.verify(await second.sign());

      expect(await reasonOf(verifier.verify(old))).to.equal('unknown_key');
    });
  });

  context('when the JWKS is down', () => {
    it('goes on with the keys it holds', async () => {
      const verifier = make();
      await verifier.verify(await first.sign());
      published = null;
      nowMs += 700_000;

      expect(await reasonOf(verifier.verify(await first.sign(claimsOf({ exp: nowMs / 1000 + 60 }))))).to.equal(
        'accepted',
      );
    });

    it('is unavailable while it holds none, and recovers', async () => {
      published = null;
      const verifier = make();
      const down = await reasonOf(verifier.verify(await first.sign()));
      published = [first.jwk];
      nowMs += 1000;

      expect([down, await reasonOf(verifier.verify(await first.sign()))]).to.deep.equal([
        'platform.unavailable',
        'accepted',
      ]);
    });
  });

  it('remembers a token for 60 s at most, and never past its expiry', async () => {
    const verifier = make();
    const token = await first.sign(claimsOf({ exp: seconds + 10 }));
    await verifier.verify(token);
    nowMs += 45_000;

    expect(await reasonOf(verifier.verify(token))).to.equal('expired');
  });

  context('with introspection', () => {
    const answers: Record<string, unknown> = {
      good: { active: true, ...claimsOf() },
      ended: { active: false },
      elsewhere: { active: true, ...claimsOf({ aud: 'elsewhere' }) },
    };

    it('asks about opaque tokens and holds them to the same rules', async () => {
      const endpoint = await makeStub(() => answers[asked]);
      let asked = 'good';
      const introspection = { url: endpoint.url, clientId: 'quittance', clientSecret: new Secret('s') };
      const verdicts: unknown[] = [];

      for (asked of Object.keys(answers))
        verdicts.push(await reasonOf(make({ introspection }).verify(`opaque-${asked}`)));
      endpoint.close();

      expect(verdicts).to.deep.equal(['accepted', 'inactive', 'audience']);
      expect(await reasonOf(make().verify('opaque-good'))).to.equal('malformed');
    });
  });
});
