import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { z } from 'zod';

const ORACLES = resolve(import.meta.dirname, '../../../../shared/oracles');

const Wycheproof = z.looseObject({
  testGroups: z.array(z.looseObject({ tests: z.array(z.looseObject({ tcId: z.int(), jws: z.unknown() })) })),
});

const StripeVectors = z.looseObject({
  vectors: z.array(z.looseObject({ name: z.string(), payload: z.string(), header: z.string() })),
});

/** Signed tokens that others collected, valid under their own keys and nowhere here; empty where they are absent. */
export const wycheproofTokens = async (): Promise<readonly string[]> => {
  const json = await oracle('jwt/wycheproof_json_web_signature_test.json');
  if (json === null) return [];
  const tokens = Wycheproof.parse(json).testGroups.flatMap(({ tests }) =>
    tests.flatMap(({ jws }) => (typeof jws === 'string' ? [jws] : [])),
  );
  // A header cannot carry the others at all.
  return tokens.filter((token) => /^[\x21-\x7e]+$/.test(token));
};

/** Stripe’s own signature cases: their secret is not ours, and their time is long past. */
export const stripeVectors = async () => {
  const json = await oracle('stripe/webhook_signature_vectors.json');
  return json === null ? [] : StripeVectors.parse(json).vectors.filter(({ header }) => /^[\x20-\x7e]*$/.test(header));
};

const oracle = async (name: string): Promise<unknown> => {
  const file = resolve(ORACLES, name);
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8'));
  process.stdout.write(`    bad input: ${name} is absent (../shared/oracles), its vectors were not sent\n`);
  return null;
};
