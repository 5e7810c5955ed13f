import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { z } from 'zod';

const ORACLES = resolve(import.meta.dirname, '../../../../shared/oracles');

const TOKENS = ['json_web_signature', 'json_web_key', 'json_web_crypto'];

const Wycheproof = z.looseObject({
  testGroups: z.array(
    z.looseObject({
      tests: z.array(z.looseObject({ tcId: z.int(), jws: z.unknown().optional(), jwe: z.unknown().optional() })),
    }),
  ),
});

const StripeVectors = z.looseObject({
  vectors: z.array(z.looseObject({ name: z.string(), payload: z.string(), header: z.string() })),
});

/** Signed and encrypted tokens that others collected, valid under their own keys and nowhere here; empty where they are absent. */
export const wycheproofTokens = async (): Promise<readonly string[]> => {
  const tables = await Promise.all(TOKENS.map((table) => oracle(`jwt/wycheproof_${table}_test.json`)));
  const tokens = tables
    .filter((json) => json !== null)
    .flatMap((json) => Wycheproof.parse(json).testGroups)
    .flatMap(({ tests }) => tests.flatMap(({ jws, jwe }) => [jws, jwe].filter((token) => typeof token === 'string')));
  // A header cannot carry the others at all.
  return tokens.filter((token) => /^[\x21-\x7e]+$/.test(token));
};

/** Stripe’s own signature cases: their secret is not ours, and their time is long past. */
export const stripeVectors = async () => {
  const json = await oracle('stripe/webhook_signature_vectors.json');
  return json === null ? [] : StripeVectors.parse(json).vectors.filter(({ header }) => /^[\x20-\x7e]*$/.test(header));
};

/** Null, and a line that says so, in a clone that stands alone. Where nothing may be left out, it throws. */
const oracle = async (name: string): Promise<unknown> => {
  const file = resolve(ORACLES, name);
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8'));
  if (process.env['CI'] === 'true' && existsSync(resolve(ORACLES, '..'))) throw new Error(`${file} is missing.`);
  process.stdout.write(`    bad input: ${name} is absent (../shared/oracles), its vectors were not sent\n`);
  return null;
};
