import { hash, randomBytes } from 'node:crypto';

import { type BearerSecrets } from '../application/index.ts';

const BYTES = 32;

/** 256 random bits as text. At that length a plain SHA-256 is as good as a slow one: there is nothing to guess. */
export const bearerSecrets: BearerSecrets = {
  make: () => randomBytes(BYTES).toString('base64url'),
  hashOf: (secret) => hash('sha256', secret, 'base64url'),
};
