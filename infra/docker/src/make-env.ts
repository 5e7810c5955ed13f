import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `infra/docker/.env`: secrets for compose.yaml, made up once for this machine. */
const PATH = join(import.meta.dirname, '../.env');

const token = (): string => randomBytes(24).toString('hex');

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const makeEnv = (): Readonly<Record<string, string>> => {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return {
    POSTGRES_PASSWORD: token(),
    SERVICE_DATABASE_PASSWORD: token(),
    RABBITMQ_PASSWORD: token(),
    INTERNAL_TOKEN_PRIVATE_KEY: base64url({ kty, crv, x, d }),
    INTERNAL_TOKEN_PUBLIC_KEY: base64url({ kty, crv, x }),
    STRIPE_SECRET_KEY: `sk_test_${token()}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${token()}`,
    ADMIN_LIST_SECRET: token(),
  };
};

if (existsSync(PATH)) {
  console.log(`${PATH} is there already and is left as it is.`);
} else {
  const lines = Object.entries(makeEnv()).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(PATH, lines.join(''), { mode: 0o600 });
  console.log(`Wrote ${PATH}.`);
}
