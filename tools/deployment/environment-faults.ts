import { generateKeyPairSync } from 'node:crypto';

import { ConfigError, describeConfig, loadConfig } from '@quittance/runtime';
import { z } from 'zod';

import { loadExports } from '../generate/load-exports.ts';

export type Environment = Readonly<Record<string, string>>;

/** The configuration schema of each service, and of the sandbox, by the name of its folder. */
export const loadConfigs = async (): Promise<ReadonlyMap<string, z.ZodObject>> => {
  const found = await loadExports(
    ['services/*/src/config.ts', 'services/*/server/config.ts', 'infra/sandbox/src/config.ts'],
    'Config',
  );
  return new Map(
    found.flatMap(({ file, value }) => (value instanceof z.ZodObject ? [[file.split('/')[1] ?? '', value]] : [])),
  );
};

/** What is wrong with the variables a process would be given; an empty list means that it starts. */
export const environmentFaults = (schema: z.ZodObject, given: Environment): readonly string[] => {
  const known = describeConfig(schema);
  const unknown = Object.keys(given).filter((name) => !known.some((variable) => variable.name === name));
  const missing = known.filter(({ name, required }) => required && given[name] === undefined);
  return [
    ...unknown.map((name) => `${name} is not read`),
    ...missing.map(({ name }) => `${name} is required and not given`),
    ...refusals(schema, given),
  ];
};

const refusals = (schema: z.ZodObject, given: Environment): readonly string[] => {
  try {
    loadConfig(schema, given);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

/** Secrets as they will be: of the right shape, so that everything else about an environment can be judged. */
export const standInSecrets = (stripeKey: string): Environment => {
  const { d, ...publicJwk } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return {
    DATABASE_URL: 'postgresql://role:password@postgres:5432/database',
    RABBITMQ_URL: 'amqp://user:password@rabbitmq:5672',
    INTERNAL_TOKEN_PUBLIC_KEY: base64url(publicJwk),
    INTERNAL_TOKEN_PRIVATE_KEY: base64url({ ...publicJwk, d }),
    STRIPE_SECRET_KEY: stripeKey,
    STRIPE_WEBHOOK_SECRET: 'whsec_standin',
    ADMIN_LIST_SECRET: 'standin',
  };
};

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
