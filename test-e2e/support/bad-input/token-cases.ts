import { createHmac, randomUUID } from 'node:crypto';

import { makeInternalIssuer, makeInternalKeyPair, readInternalPrivateJwk } from '@quittance/auth';
import { must, type Principal, Secret } from '@quittance/kernel';
import { type RunningSuite } from '@quittance/local';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';

import { type Callers } from './callers.ts';

/** An Authorization header that must not be believed. Null: none at all. */
export interface BadToken {
  readonly what: string;
  readonly authorization: string | null;
}

const Jwks = z.looseObject({ keys: z.array(z.looseObject({ kid: z.string(), n: z.string() })).min(1) });

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Everything that claims to be somebody at the door and is not. */
export const badTokensForTheDoor = async (suite: RunningSuite, callers: Callers): Promise<readonly BadToken[]> => {
  const person = { subject: 'usr_forger', account: 'acc_forger', roles: ['billing'], admin: true };
  const good = await callers.mint(person);
  const [, payload = '', signature = ''] = good.split('.');
  const published = Jwks.parse(await (await fetch(`${suite.facts.sandboxUrl}/authgate/jwks`)).json());
  const key = must(published.keys[0], 'a published key');
  const stranger = await generateKeyPair('RS256', { extractable: true });
  const strangerJwk = await exportJWK(stranger.publicKey);
  const issuer = `${suite.facts.sandboxUrl}/authgate`;
  const signedByStranger = (header: Readonly<Record<string, unknown>>): Promise<string> =>
    new SignJWT({ ...person, roles: ['billing'] })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...header })
      .setIssuer(issuer)
      .setAudience('https://quittance.local')
      .setSubject(person.subject)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(stranger.privateKey);
  const internal = makeInternalIssuer(readInternalPrivateJwk(new Secret(suite.facts.secrets.internalPrivateKey)));
  const named: readonly (readonly [string, string | Promise<string>])[] = [
    ['expired', callers.mint({ ...person, expiresInS: -120 })],
    ['another audience', callers.mint({ ...person, audience: 'https://other.example' })],
    ['another issuer', callers.mint({ ...person, issuer: 'https://other.example' })],
    ['an id token', callers.mint({ ...person, type: 'JWT' })],
    ['an account that is none', callers.mint({ ...person, account: '../acc' })],
    ['a subject without end', callers.mint({ ...person, subject: 'x'.repeat(300) })],
    ['claims changed', `${good.split('.')[0]}.${changedPayload(payload)}.${signature}`],
    ['signature changed', `${good.slice(0, -6)}${good.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`],
    ['signature left out', `${good.split('.').slice(0, 2).join('.')}.`],
    ['two parts', good.split('.').slice(0, 2).join('.')],
    ...['none', 'None', 'NONE', ''].flatMap((alg) => unsigned(payload, alg, signature)),
    ['HS256 with the public key', hmacWithPublicKey(payload, key)],
    ['a stranger’s key under a known id', signedByStranger({ kid: key.kid })],
    ['a stranger’s key brought along', signedByStranger({ jwk: strangerJwk })],
    ['a stranger’s key at a link', signedByStranger({ jku: 'http://127.0.0.1:1/jwks', kid: 'x' })],
    ['a key id that is a path', signedByStranger({ kid: '../../../../dev/null' })],
    ['a key id that is SQL', signedByStranger({ kid: "' OR 1=1 --" })],
    ['no key id', signedByStranger({})],
    ['our internal token', internal.issue(operator())],
  ];
  return [
    ...(await bearers(named)),
    ...ODD_HEADERS.map((text) => ({ what: `header ${text.slice(0, 20)}`, authorization: text })),
    NOTHING,
  ];
};

/** Everything that claims to come from the gateway and does not. */
export const badTokensForServices = async (suite: RunningSuite, callers: Callers): Promise<readonly BadToken[]> => {
  const ours = readInternalPrivateJwk(new Secret(suite.facts.secrets.internalPrivateKey));
  const { privateJwk: theirs } = await makeInternalKeyPair();
  const past = { nowMs: () => Date.now() - 600_000 };
  const good = await makeInternalIssuer(ours).issue(operator());
  const [, payload = '', signature = ''] = good.split('.');
  const withClaims = async (
    claims: Readonly<Record<string, unknown>>,
    type = 'quittance-internal+jwt',
  ): Promise<string> =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: type })
      .setIssuer('quittance-gateway')
      .setAudience('quittance')
      .setSubject('usr_x')
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(await importJWK(asJwk(ours), 'EdDSA'));
  const claims = { kind: 'operator', account: null, permissions: ['billing.read', 'own.read', 'own.write'] };
  const named: readonly (readonly [string, string | Promise<string>])[] = [
    ['a token of AuthGate', callers.mint({ subject: 'usr_forger', roles: ['billing'] })],
    ['signed by another key', makeInternalIssuer(theirs).issue(operator())],
    ['expired', makeInternalIssuer(ours, { ...past }).issue(operator())],
    ['for another service', makeInternalIssuer(ours).issue(operator(), 'elsewhere')],
    ['of another type', withClaims(claims, 'JWT')],
    ['an unknown kind', withClaims({ ...claims, kind: 'god' })],
    ['an account that is none', withClaims({ ...claims, account: '../x' })],
    ['permissions that are no list', withClaims({ ...claims, permissions: 'billing.read' })],
    ['claims changed', `${good.split('.')[0]}.${changedPayload(payload)}.${signature}`],
    ...unsigned(payload, 'none', signature),
  ];
  return [
    ...(await bearers(named)),
    ...ODD_HEADERS.map((text) => ({ what: `header ${text.slice(0, 20)}`, authorization: text })),
    NOTHING,
  ];
};

/** Tokens with key ids nobody ever published: a lever on whoever fetches keys for each. */
export const forgedKeyIds = async (count: number): Promise<readonly BadToken[]> => {
  const { privateKey } = await generateKeyPair('RS256');
  return Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      what: `forged key id ${index}`,
      authorization: `Bearer ${await new SignJWT({ sub: 'x' })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: randomUUID() })
        .sign(privateKey)}`,
    })),
  );
};

const NOTHING: BadToken = { what: 'no token', authorization: null };

const ODD_HEADERS = [
  'Bearer',
  'Bearer ',
  'Bearer x y',
  'Basic dXNlcjpwYXNz',
  'Token abc',
  'Bearer null',
  'Bearer a.b.c',
  'Bearer ..',
  `Bearer ${'x'.repeat(9000)}`,
  `Bearer ${base64url('{"alg":"RS256"}')}.${base64url('not json')}.AAAA`,
];

const operator = (): Principal => ({
  kind: 'operator',
  subject: 'usr_forger',
  accountId: null,
  permissions: new Set(['billing.read', 'billing.write']),
});

const asJwk = (jwk: JWK): JWK => jwk;

const bearers = (named: readonly (readonly [string, string | Promise<string>])[]): Promise<readonly BadToken[]> =>
  Promise.all(named.map(async ([what, token]) => ({ what, authorization: `Bearer ${await token}` })));

const changedPayload = (payload: string): string =>
  base64url(Buffer.from(payload, 'base64url').toString().replace('usr_forger', 'usr_farida'));

const unsigned = (payload: string, alg: string, signature: string): readonly (readonly [string, string])[] => {
  const header = base64url(JSON.stringify({ alg, typ: 'at+jwt' }));
  return ['', signature, 'AAAA'].map((third) => [`alg ${alg}`, `${header}.${payload}.${third}`] as const);
};

const hmacWithPublicKey = (payload: string, key: Readonly<Record<string, unknown>>): string => {
  const signed = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: key['kid'] }))}.${payload}`;
  return `${signed}.${createHmac('sha256', JSON.stringify(key)).update(signed).digest('base64url')}`;
};
