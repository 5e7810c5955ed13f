import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'chai';
import { compactVerify } from 'jose';
import { z } from 'zod';

import { isCompactToken } from './compact-token.ts';
import { importVerificationKey, toVerificationKey } from './verification-key.ts';

const oracles = path.resolve(import.meta.dirname, '../../../../shared/oracles/jwt');

const Vectors = z.object({
  testGroups: z.array(
    z.object({
      private: z.looseObject({}).optional(),
      public: z.looseObject({ kty: z.string(), alg: z.string().optional() }).optional(),
      tests: z.array(
        z.object({ tcId: z.int(), comment: z.string(), jws: z.unknown(), result: z.enum(['valid', 'invalid']) }),
      ),
    }),
  ),
});

/** Keys annotated with an algorithm that is not the one the token names: not accepting them is what we want. */
const VALID_BUT_REFUSED = [346, 347, 350, 351];

describe('Wycheproof: JSON web signatures with published keys', () => {
  const file = path.join(oracles, 'wycheproof_json_web_signature_test.json');
  if (!existsSync(file)) {
    process.stdout.write('Wycheproof vectors are not run: there is no ../shared/oracles/jwt beside this checkout\n');
    return;
  }
  const { testGroups } = Vectors.parse(JSON.parse(readFileSync(file, 'utf8')));
  const asymmetric = testGroups.flatMap(({ public: key, tests }) =>
    key === undefined ? [] : tests.map((test) => ({ key, test })),
  );

  it('finds the vectors', () => expect(asymmetric).to.have.length.greaterThan(300));

  it('accepts no invalid signature, and every valid one of an algorithm its key is for', async () => {
    const wrong: unknown[] = [];
    for (const { key, test } of asymmetric) {
      const expected = test.result === 'valid' && !VALID_BUT_REFUSED.includes(test.tcId);
      if ((await accepts(test.jws, key)) !== expected) wrong.push({ tcId: test.tcId, comment: test.comment, expected });
    }

    expect(wrong).to.deep.equal([]);
  });
});

describe('Wycheproof: keys that must not be trusted', () => {
  it('refuses RSA with exponent 1 or 3, with 1024 bits, and symmetric keys', () => {
    const modulus = Buffer.concat([Buffer.from([0xff]), Buffer.alloc(254, 1), Buffer.from([1])]).toString('base64url');
    const exponent = Buffer.from([1, 0, 1]).toString('base64url');
    const accepted = (jwk: Record<string, string>) => toVerificationKey(jwk) !== null;

    expect(accepted({ kty: 'RSA', n: modulus, e: exponent })).to.equal(true);
    expect(accepted({ kty: 'RSA', n: modulus, e: 'AQ' })).to.equal(false);
    expect(accepted({ kty: 'RSA', n: modulus, e: 'Aw' })).to.equal(false);
    expect(accepted({ kty: 'RSA', n: modulus.slice(0, 171), e: exponent })).to.equal(false);
    expect(accepted({ kty: 'oct', k: 'c2VjcmV0' })).to.equal(false);
    expect(accepted({ kty: 'RSA', n: modulus, e: exponent, use: 'enc' })).to.equal(false);
  });
});

const accepts = async (jws: unknown, key: unknown): Promise<boolean> => {
  if (typeof jws !== 'string' || !isCompactToken(jws)) return false;
  const usable = toVerificationKey(key);
  if (usable === null) return false;
  try {
    const header: unknown = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8'));
    const { alg } = z.looseObject({ alg: z.string() }).parse(header);
    if (usable.alg !== null && usable.alg !== alg) return false;
    await compactVerify(jws, await importVerificationKey(usable, alg), { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
};
