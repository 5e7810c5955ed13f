import { createHash } from 'node:crypto';

import { type Tx } from '../database.ts';
import { StripeFailure } from './stripe-error.ts';

export interface StripeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly requestId: string;
  /** The request id of the first answer, when this is a repetition. */
  readonly originalRequest: string | null;
}

export interface IdempotentRequest {
  readonly key: string;
  /** Of method, path and parameters. */
  readonly fingerprint: string;
  readonly wallMs: number;
}

const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

export const fingerprintOfRequest = (method: string, path: string, params: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([method, path, sorted(params)]))
    .digest('hex');

/**
 * The stored answer of this key, or null when it is new. The key stays locked until the transaction ends, so a second
 * request that arrives meanwhile gets 409, and a process that dies leaves no key behind.
 */
export const findStoredAnswer = async (tx: Tx, request: IdempotentRequest): Promise<StripeAnswer | null> => {
  const locks = await tx.query<{ free: boolean }>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 11)) AS free',
    [request.key],
  );
  if (locks[0]?.free !== true) {
    throw new StripeFailure(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this Idempotent Key (${request.key}).`,
    });
  }
  const rows = await tx.query<{ fingerprint: string; status: number; body: unknown; request_id: string }>(
    'SELECT fingerprint, status, body, request_id FROM stripe_idempotency WHERE key = $1 AND stored_at > $2',
    [request.key, new Date(request.wallMs - KEY_LIFE_MS)],
  );
  const stored = rows[0];
  if (stored === undefined) return null;
  if (stored.fingerprint !== request.fingerprint) {
    throw new StripeFailure(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${request.key}' if you meant to execute a different request.`,
    });
  }
  return { status: stored.status, body: stored.body, requestId: stored.request_id, originalRequest: stored.request_id };
};

export const storeAnswer = async (tx: Tx, request: IdempotentRequest, answer: StripeAnswer): Promise<void> => {
  await tx.query(
    `INSERT INTO stripe_idempotency (key, fingerprint, status, body, request_id, stored_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body,
       request_id = excluded.request_id, stored_at = excluded.stored_at`,
    [
      request.key,
      request.fingerprint,
      answer.status,
      JSON.stringify(answer.body),
      answer.requestId,
      new Date(request.wallMs),
    ],
  );
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
};
