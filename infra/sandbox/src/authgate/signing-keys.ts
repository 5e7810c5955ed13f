import { randomUUID } from 'node:crypto';

import { must } from '@quittance/kernel';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

import { type SandboxDatabase } from '../database.ts';

/** How many former keys stay published after rotations. */
const KEPT = 3;

/** Private keys, the signing one first; makes the first one when there is none. */
export const loadSigningKeys = async (database: SandboxDatabase): Promise<readonly JWK[]> => {
  const rows = await database.query<{ jwk: JWK }>('SELECT jwk FROM authgate_keys ORDER BY sequence DESC LIMIT $1', [
    KEPT,
  ]);
  if (rows.length > 0) return rows.map((row) => row.jwk);
  return rotateSigningKeys(database);
};

/** A new key signs from now on; tokens signed by the former ones still verify. */
export const rotateSigningKeys = async (database: SandboxDatabase): Promise<readonly JWK[]> => {
  const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const kid = `key-${randomUUID().slice(0, 8)}`;
  const jwk: JWK = { ...(await exportJWK(pair.privateKey)), kid, alg: 'RS256', use: 'sig' };
  await database.query('INSERT INTO authgate_keys (kid, jwk) VALUES ($1, $2)', [kid, JSON.stringify(jwk)]);
  return loadSigningKeys(database);
};

export const signingKeyOf = (keys: readonly JWK[]): JWK => must(keys[0], 'a signing key');
