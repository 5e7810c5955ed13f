import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';

import { isCompactToken } from './compact-token.ts';
import { refuseToken, type TokenProblem } from './refuse-token.ts';

export interface JwtRules {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  readonly algorithms: readonly string[];
  /** Header `typ`, compared as RFC 7515 says (`at+jwt`, `JWT`). */
  readonly type: string;
  readonly clockSkewSeconds: number;
  readonly nowMs: number;
}

/**
 * The claims of a token that meets every rule. Key hints inside the token (`jku`, `jwk`, `x5u`, `x5c`) are never
 * followed: the key comes from `getKey` alone.
 *
 * @throws platform.unauthenticated with `details.reason`
 */
export const verifyJwt = async (
  token: string,
  getKey: JWTVerifyGetKey,
  rules: JwtRules,
): Promise<JWTPayload & { exp: number }> => {
  if (!isCompactToken(token)) throw refuseToken('malformed');
  try {
    const { payload } = await jwtVerify(token, getKey, {
      issuer: rules.issuer,
      audience: typeof rules.audience === 'string' ? rules.audience : [...rules.audience],
      algorithms: [...rules.algorithms],
      typ: rules.type,
      clockTolerance: rules.clockSkewSeconds,
      currentDate: new Date(rules.nowMs),
      requiredClaims: ['exp', 'iss', 'aud'],
    });
    if (payload.exp === undefined) throw refuseToken('claims');
    return { ...payload, exp: payload.exp };
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refuseToken(problemOf(error), error);
    // jose answers some hostile headers and keys with these.
    if (error instanceof TypeError || error instanceof DOMException) throw refuseToken('malformed', error);
    throw error;
  }
};

const problemOf = (error: errors.JOSEError): TokenProblem => {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_PROBLEMS[error.claim] ?? 'claims';
  return 'malformed';
};

const CLAIM_PROBLEMS: Readonly<Record<string, TokenProblem>> = {
  iss: 'issuer',
  aud: 'audience',
  typ: 'type',
  nbf: 'not_yet_valid',
};
