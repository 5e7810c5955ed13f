import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { must } from '@quittance/kernel';
import { makeLogger } from '@quittance/runtime';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

import { type AuthGateConfig } from '../src/auth-gate.ts';

export const silent = makeLogger({ service: 'test', level: 'silent' });

export const START_MS = Date.parse('2026-03-02T09:00:00Z');

/** A server on loopback whose answer the test decides; null breaks the connection. */
export const makeStub = async (answer: (request: IncomingMessage) => unknown) => {
  let requests = 0;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests += 1;
    const body = answer(request);
    if (body === null) response.destroy();
    else response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = must(server.address(), 'address');
  return {
    url: `http://127.0.0.1:${typeof address === 'string' ? 0 : address.port}`,
    requests: () => requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

export interface SigningKey {
  readonly jwk: JWK;
  sign(claims?: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** A good token’s claims, with these instead; undefined leaves one out. */
export const claimsOf = (changes: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
  iss: 'https://authgate.example',
  aud: 'quittance',
  sub: 'user-1',
  account: 'acme',
  iat: START_MS / 1000,
  exp: START_MS / 1000 + 300,
  ...changes,
});

export const makeSigningKey = async (kid: string, alg = 'RS256', bits = 2048): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, modulusLength: bits });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims = claimsOf(), header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header }).sign(privateKey),
  };
};

export const gateConfig = (jwksUrl: string, changes: Partial<AuthGateConfig> = {}): AuthGateConfig => ({
  issuer: 'https://authgate.example',
  audience: 'quittance',
  jwksUrl,
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  tokenType: 'at+jwt',
  jwksRefetchSeconds: 30,
  clockSkewSeconds: 30,
  claims: { subject: 'sub', account: 'account', roles: 'roles', scopes: 'scope', admin: 'admin' },
  devSecret: null,
  introspection: null,
  ...changes,
});

/** The reason a promise was refused with, or what it gave. */
export const reasonOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return 'accepted';
  } catch (error) {
    if (error instanceof Error && 'details' in error && 'code' in error) {
      const { details } = error;
      return typeof details === 'object' && details !== null && 'reason' in details ? details.reason : error.code;
    }
    throw error;
  }
};
