import { createHash } from 'node:crypto';

import { type WallClock } from '@quittance/kernel';
import { durableStep } from '@quittance/runtime';
import { type Pool } from 'pg';

import { mappingErrors } from './to-platform-error.ts';

interface Scope {
  readonly caller: string;
  readonly route: string;
  readonly key: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type State =
  | { readonly state: 'run'; readonly reservedUlid: string }
  | { readonly state: 'in_progress' }
  | { readonly state: 'mismatch' }
  | { readonly state: 'answered'; readonly answer: Answer };

export interface DatabaseIdempotencyStore {
  begin(scope: Scope, bodyHash: string, newUlid: string): Promise<State>;
  saveAnswer(scope: Scope, answer: Answer): Promise<void>;
  release(scope: Scope): Promise<void>;
}

const KEY_LIFE_MS = 24 * 60 * 60 * 1000;
const LEASE_MS = 5000;

/** Keys of idempotent requests, in wall time: they live 24 h, a running request holds its key for 5 s. */
export const makeIdempotencyStore = (deps: {
  readonly pool: Pool;
  readonly wallClock: WallClock;
}): DatabaseIdempotencyStore => {
  const { pool, wallClock } = deps;
  return {
    begin: (scope, bodyHash, newUlid) =>
      mappingErrors(async () => {
        const nowMs = wallClock.nowMs();
        const scopeHash = hashOf(scope);
        const times = [nowMs, nowMs + LEASE_MS, nowMs - KEY_LIFE_MS].map((ms) => new Date(ms));
        const take = { name: 'idempotency_take', text: TAKE, values: [scopeHash, bodyHash, newUlid, ...times] };
        const taken = await durableStep(
          'idempotency.begin',
          () => pool.query<{ reserved_ulid: string }>(take),
          () => [scope.route],
        );
        const reserved = taken.rows[0];
        if (reserved) return { state: 'run', reservedUlid: reserved.reserved_ulid };
        const found = await pool.query<{ body_hash: string; answer: Answer | null }>(READ, [scopeHash]);
        const row = found.rows[0];
        if (!row) return { state: 'in_progress' };
        if (row.body_hash !== bodyHash) return { state: 'mismatch' };
        return row.answer === null ? { state: 'in_progress' } : { state: 'answered', answer: row.answer };
      }),
    saveAnswer: (scope, answer) =>
      mappingErrors(async () => {
        const values = [hashOf(scope), JSON.stringify(answer)];
        await durableStep(
          'idempotency.save',
          () => pool.query(SAVE, values),
          () => [scope.route],
        );
      }),
    release: (scope) =>
      mappingErrors(async () => {
        const values = [hashOf(scope), new Date(wallClock.nowMs())];
        await durableStep(
          'idempotency.release',
          () => pool.query(RELEASE, values),
          () => [scope.route],
        );
      }),
  };
};

const hashOf = (scope: Scope): string =>
  createHash('sha256')
    .update(JSON.stringify([scope.caller, scope.route, scope.key]))
    .digest('base64url');

/**
 * Takes the key when it is new, older than its life, or left by a run of the same body whose lease ended. The first
 * reserved id stays for the key's whole life.
 */
const TAKE = `
  INSERT INTO platform.idempotency_keys AS k (scope, body_hash, reserved_ulid, created_at, lease_until)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (scope) DO UPDATE SET
    body_hash = excluded.body_hash,
    reserved_ulid = CASE WHEN k.created_at <= $6 THEN excluded.reserved_ulid ELSE k.reserved_ulid END,
    created_at = CASE WHEN k.created_at <= $6 THEN excluded.created_at ELSE k.created_at END,
    lease_until = excluded.lease_until,
    answer = NULL
  WHERE k.created_at <= $6
     OR (k.body_hash = excluded.body_hash AND k.answer IS NULL AND k.lease_until <= excluded.created_at)
  RETURNING reserved_ulid`;

const READ = 'SELECT body_hash, answer FROM platform.idempotency_keys WHERE scope = $1';

const SAVE = 'UPDATE platform.idempotency_keys SET answer = $2 WHERE scope = $1 AND answer IS NULL';

const RELEASE = 'UPDATE platform.idempotency_keys SET lease_until = $2 WHERE scope = $1 AND answer IS NULL';
