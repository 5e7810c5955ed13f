import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { makeInternalKeyPair } from '@quittance/auth';
import { z } from 'zod';

import { hasCode } from './has-code.ts';
import { LocalError } from './local-error.ts';

const LocalSecrets = z.strictObject({
  databasePassword: z.string(),
  /** One password for the least-privilege roles of the services: they differ in what they may do, not in who knows it. */
  servicePassword: z.string(),
  internalPrivateKey: z.string(),
  internalPublicKey: z.string(),
  stripeSecretKey: z.string(),
  stripeWebhookSecret: z.string(),
  adminListSecret: z.string(),
});
export type LocalSecrets = z.infer<typeof LocalSecrets>;

/** Made at the first start of a data folder and kept with it, readable by its owner only. */
export const loadSecrets = async (path: string): Promise<LocalSecrets> => {
  try {
    return LocalSecrets.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) {
      throw new LocalError(`${path} cannot be read as this version’s secrets. Start over with --fresh.`, {
        cause: error,
      });
    }
  }
  const secrets = await makeSecrets();
  await writeFile(path, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
};

const makeSecrets = async (): Promise<LocalSecrets> => {
  const { privateJwk, publicJwk } = await makeInternalKeyPair();
  return {
    databasePassword: token(),
    servicePassword: token(),
    internalPrivateKey: base64url(privateJwk),
    internalPublicKey: base64url(publicJwk),
    stripeSecretKey: `sk_test_${token().replaceAll(/[-_]/g, '0')}`,
    stripeWebhookSecret: `whsec_${token().replaceAll(/[-_]/g, '0')}`,
    adminListSecret: token(),
  };
};

const token = (): string => randomBytes(24).toString('base64url');

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
