import { importJWK, type JWK } from 'jose';
import { z } from 'zod';

/** Only the public members are read: a private key that leaked into a JWKS is not imported as one. */
const PublicKey = z.union([
  z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() }),
  z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() }),
  z.object({ kty: z.literal('OKP'), crv: z.string(), x: z.string() }),
]);

const KeyFacts = z.object({
  kid: z.string().optional(),
  alg: z.string().optional(),
  use: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
});

/** A public key that may verify signatures. */
export interface VerificationKey {
  readonly kid: string | null;
  /** The one algorithm it is for, when its owner says so. */
  readonly alg: string | null;
  readonly jwk: z.infer<typeof PublicKey>;
}

const RSA_BITS_MIN = 2048;
const RSA_EXPONENT_MIN = 65_537n;

/** Null for what must not verify anything: symmetric, for encryption, or RSA below 2048 bits or with e < 65537. */
export const toVerificationKey = (candidate: unknown): VerificationKey | null => {
  const jwk = PublicKey.safeParse(candidate);
  const facts = KeyFacts.safeParse(candidate);
  if (!jwk.success || !facts.success) return null;
  const { kid = null, alg = null, use = 'sig', key_ops: operations = ['verify'] } = facts.data;
  if (use !== 'sig' || !operations.includes('verify')) return null;
  if (jwk.data.kty === 'RSA' && !isStrongRsa(jwk.data)) return null;
  return { kid, alg, jwk: jwk.data };
};

export const importVerificationKey = (key: VerificationKey, alg: string): ReturnType<typeof importJWK> => {
  const jwk: JWK = key.jwk;
  return importJWK(jwk, alg);
};

/** Whether a key of this type can have made a signature with this algorithm. */
export const keyFits = (key: VerificationKey, alg: string): boolean => {
  if (key.alg !== null && key.alg !== alg) return false;
  if (/^(RS|PS)\d+$/.test(alg)) return key.jwk.kty === 'RSA';
  if (/^ES\d+$/.test(alg)) return key.jwk.kty === 'EC';
  return key.jwk.kty === 'OKP' && (alg === 'EdDSA' || alg === 'Ed25519');
};

const isStrongRsa = ({ n, e }: { readonly n: string; readonly e: string }): boolean => {
  const modulus = unsigned(n);
  const exponent = unsigned(e);
  return modulus.toString(2).length >= RSA_BITS_MIN && exponent >= RSA_EXPONENT_MIN && exponent % 2n === 1n;
};

const unsigned = (base64url: string): bigint => {
  const hex = Buffer.from(base64url, 'base64url').toString('hex');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
};
