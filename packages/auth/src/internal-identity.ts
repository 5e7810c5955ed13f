import { hash } from 'node:crypto';

import { isAccountId, type Principal, type Secret, type WallClock } from '@quittance/kernel';
import { type InternalPublicJwk, systemWallClock } from '@quittance/runtime';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { z } from 'zod';

import { makeBoundedCache } from './bounded-cache.ts';
import { isPermission } from './permissions.ts';
import { refuseToken } from './refuse-token.ts';
import { verifyJwt } from './verify-jwt.ts';

const ISSUER = 'quittance-gateway';
const ANY_SERVICE = 'quittance';
const TYPE = 'quittance-internal+jwt';
const LIFE_SECONDS = 60;
const REUSED_FOR_MS = 20_000;
const CLOCK_SKEW_SECONDS = 30;
const CACHED_MAX = 10_000;

const PrivateJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() });

/** The gateway’s signing key, as its JWK. */
export type InternalPrivateJwk = z.infer<typeof PrivateJwk>;

const Claims = z.object({
  sub: z.string().min(1),
  kind: z.enum(['customer', 'operator', 'service']),
  account: z.string().nullable(),
  permissions: z.array(z.string()),
});

/** Reads the base64url of a private Ed25519 JWK. Its error never repeats the value. */
export const readInternalPrivateJwk = (secret: Secret): InternalPrivateJwk => {
  try {
    return PrivateJwk.parse(JSON.parse(Buffer.from(secret.reveal(), 'base64url').toString('utf8')));
  } catch {
    throw new Error('the internal private key must be the base64url of a private Ed25519 JWK');
  }
};

/** A fresh key pair in the form the configuration wants, for local suites and tests. */
export const makeInternalKeyPair = async (): Promise<{
  readonly privateJwk: InternalPrivateJwk;
  readonly publicJwk: InternalPublicJwk;
}> => {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const privateJwk = PrivateJwk.parse(await exportJWK(privateKey));
  return { privateJwk, publicJwk: { kty: privateJwk.kty, crv: privateJwk.crv, x: privateJwk.x } };
};

export interface InternalIssuer {
  /** A token that lives 60 s and carries the principal; the same one for 20 s. Default audience: every service. */
  issue(principal: Principal, audience?: string): Promise<string>;
}

/** The gateway’s side of internal identity. Only the gateway holds the private key. */
export const makeInternalIssuer = (
  privateJwk: InternalPrivateJwk,
  wallClock: WallClock = systemWallClock,
): InternalIssuer => {
  const key = importJWK(privateJwk, 'EdDSA');
  const issued = makeBoundedCache<string>(CACHED_MAX);
  return {
    issue: async (principal, audience = ANY_SERVICE) => {
      const nowMs = wallClock.nowMs();
      const claims = {
        kind: principal.kind,
        account: principal.accountId,
        permissions: [...principal.permissions].toSorted(),
      };
      const name = JSON.stringify([audience, principal.subject, claims]);
      const known = issued.get(name, nowMs);
      if (known !== null) return known;
      const issuedAtSeconds = Math.floor(nowMs / 1000);
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setSubject(principal.subject)
        .setIssuedAt(issuedAtSeconds)
        .setExpirationTime(issuedAtSeconds + LIFE_SECONDS)
        .sign(await key);
      issued.set(name, token, nowMs + REUSED_FOR_MS);
      return token;
    },
  };
};

export interface InternalVerifier {
  /** @throws platform.unauthenticated */
  verify(token: string): Promise<Principal>;
}

/** A service’s side: it accepts what the gateway signed for it, or for every service, and nothing else. */
export const makeInternalVerifier = (
  publicJwk: InternalPublicJwk,
  { service, wallClock = systemWallClock }: { readonly service: string; readonly wallClock?: WallClock },
): InternalVerifier => {
  const key = importJWK({ kty: publicJwk.kty, crv: publicJwk.crv, x: publicJwk.x }, 'EdDSA');
  const verified = makeBoundedCache<Principal>(CACHED_MAX);
  return {
    verify: async (token) => {
      const nowMs = wallClock.nowMs();
      const digest = hash('sha256', token, 'base64');
      const known = verified.get(digest, nowMs);
      if (known !== null) return known;
      const payload = await verifyJwt(token, () => key, {
        issuer: ISSUER,
        audience: [service, ANY_SERVICE],
        algorithms: ['EdDSA'],
        type: TYPE,
        clockSkewSeconds: CLOCK_SKEW_SECONDS,
        nowMs,
      });
      const principal = toPrincipal(payload);
      verified.set(digest, principal, payload.exp * 1000);
      return principal;
    },
  };
};

const toPrincipal = (payload: unknown): Principal => {
  const claims = Claims.safeParse(payload);
  if (!claims.success) throw refuseToken('claims');
  const { sub, kind, account, permissions } = claims.data;
  if (account !== null && !isAccountId(account)) throw refuseToken('claims');
  return { kind, subject: sub, accountId: account, permissions: new Set(permissions.filter(isPermission)) };
};
