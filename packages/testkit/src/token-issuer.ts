import { createServer } from 'node:http';

import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export interface SignOptions {
  /** Seconds from now; negative makes an expired token. Default 300. */
  readonly expiresInSeconds?: number;
  readonly issuer?: string;
  readonly audience?: string;
  /** Header `typ`; default `at+jwt`. */
  readonly typ?: string;
}

export interface TestIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
  /** How often the key set was asked for. */
  jwksRequests(): number;
  /** From now on signs with, and serves, a new key only. */
  rotate(): Promise<void>;
  sign(claims: JWTPayload, options?: SignOptions): Promise<string>;
  close(): Promise<void>;
}

const ALGORITHM = 'RS256';

const makeKey = async (number: number) => {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const named = { kid: `test-key-${String(number)}`, alg: ALGORITHM, use: 'sig' };
  return {
    privateKey,
    kid: named.kid,
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
  };
};

/** An AuthGate for tests: a real RS256 key, a real JWKS URL on loopback, tokens with whatever claims are asked for. */
export const makeTestIssuer = async (audience = 'quittance'): Promise<TestIssuer> => {
  let number = 1;
  let key = await makeKey(number);
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [key.publicJwk] }));
  });
  const issuer = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port was assigned'));
      else resolve(`http://127.0.0.1:${String(address.port)}`);
    });
  });
  return {
    issuer,
    audience,
    jwksUrl: `${issuer}/jwks`,
    get privateJwk() {
      return key.privateJwk;
    },
    get publicJwk() {
      return key.publicJwk;
    },
    jwksRequests: () => requests,
    rotate: async () => {
      number += 1;
      key = await makeKey(number);
    },
    sign: (claims, options = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: options.typ ?? 'at+jwt' })
        .setIssuer(options.issuer ?? issuer)
        .setAudience(options.audience ?? audience)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + (options.expiresInSeconds ?? 300))
        .sign(key.privateKey),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
};
