import { hash } from 'node:crypto';

import { assert, type Secret, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type JWTVerifyGetKey } from 'jose';

import { makeBoundedCache } from './bounded-cache.ts';
import { type ClaimPaths, toVerifiedToken, type VerifiedToken } from './claims.ts';
import { isCompactToken } from './compact-token.ts';
import { type Introspection, introspect } from './introspect.ts';
import { type KeySet, makeKeySet } from './key-set.ts';
import { refuseToken } from './refuse-token.ts';
import { verifyJwt } from './verify-jwt.ts';

export interface AuthGateConfig {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  readonly jwksUrl: string;
  /** Asymmetric ones only; HS256 comes in by `devSecret` alone. */
  readonly algorithms: readonly string[];
  /** Header `typ` of access tokens: `at+jwt` (RFC 9068) or `JWT`. */
  readonly tokenType: string;
  /** An unknown key id fetches the keys again at most this often. */
  readonly jwksRefetchSeconds: number;
  readonly clockSkewSeconds: number;
  readonly claims: ClaimPaths;
  /** Accepts HS256 tokens made with it. For development; null otherwise. */
  readonly devSecret: Secret | null;
  /** Where tokens that are no JWTs are asked about (RFC 7662); null refuses them. */
  readonly introspection: Introspection | null;
}

export interface AuthGateVerifier {
  /** @throws platform.unauthenticated with `details.reason`; platform.unavailable while no key is known. */
  verify(token: string): Promise<VerifiedToken>;
}

const CACHED_TOKENS_MAX = 10_000;
const CACHED_FOR_MS = 60_000;

/**
 * Verifies AuthGate’s tokens: issuer, audience, algorithms and `typ` pinned, keys only from the configured JWKS. What
 * was verified is remembered by the token’s SHA-256 until it expires, for 60 s at most, and forgotten when keys rotate.
 */
export const makeAuthGateVerifier = (
  config: AuthGateConfig,
  { wallClock, logger }: { readonly wallClock: WallClock; readonly logger: Logger },
): AuthGateVerifier => {
  assert(
    config.algorithms.length > 0 &&
      config.algorithms.every((alg) => /^(RS|PS|ES)(256|384|512)$|^EdDSA$|^Ed25519$/.test(alg)),
    'AuthGate algorithms must be asymmetric: a symmetric one needs the dev secret',
  );
  const cache = makeBoundedCache<VerifiedToken>(CACHED_TOKENS_MAX);
  const keys = makeKeySet({
    url: config.jwksUrl,
    refetchAfterMs: config.jwksRefetchSeconds * 1000,
    wallClock,
    logger,
    onRotated: () => cache.clear(),
  });

  const verifyAnew = async (token: string, nowMs: number): Promise<VerifiedToken> => {
    const { introspection, claims } = config;
    const payload =
      introspection !== null && !isCompactToken(token)
        ? await introspect(token, introspection, { ...config, nowMs })
        : await verifyJwt(token, keyFinder(keys, config), { ...config, ...algorithmsAndType(config), nowMs });
    const verified = toVerifiedToken(payload, claims, payload.exp * 1000);
    if (verified === null) throw refuseToken('claims');
    return verified;
  };

  return {
    verify: async (token) => {
      const nowMs = wallClock.nowMs();
      const digest = hash('sha256', token, 'base64');
      const known = cache.get(digest, nowMs);
      if (known !== null) return known;
      const verified = await verifyAnew(token, nowMs);
      cache.set(digest, verified, Math.min(verified.expiresAtMs, nowMs + CACHED_FOR_MS));
      return verified;
    },
  };
};

const algorithmsAndType = (config: AuthGateConfig) => ({
  algorithms: config.devSecret === null ? config.algorithms : [...config.algorithms, 'HS256'],
  type: config.tokenType,
});

/** A public key never verifies an HS256 token, nor the dev secret an asymmetric one: the algorithm decides the source. */
const keyFinder =
  (keys: KeySet, config: AuthGateConfig): JWTVerifyGetKey =>
  async ({ alg, kid }) => {
    if (alg === 'HS256' && config.devSecret !== null) return new TextEncoder().encode(config.devSecret.reveal());
    const key = await keys.find(alg, kid ?? null);
    if (key === null) throw refuseToken('unknown_key');
    return key;
  };
