import { type Stripe } from 'stripe';

import { type SandboxDatabase } from '../database.ts';

/** A delivery whose process died is taken up again after this long. */
const LEASE_MS = 15_000;

export interface Delivery {
  readonly id: string;
  readonly event_id: string;
  /** Counting this one. */
  readonly attempts: number;
  readonly queued_at: Date;
  readonly body: Stripe.EventBase;
}

export interface AttemptOutcome {
  readonly status: number | null;
  readonly error: string | null;
}

export interface Backlog {
  readonly pending: number;
  readonly delivered: number;
  readonly abandoned: number;
}

/** Takes what is due, for as long as the lease; another worker takes others. */
export const claimDueDeliveries = (
  database: SandboxDatabase,
  nowMs: number,
  limit: number,
): Promise<readonly Delivery[]> =>
  database.query<{ id: string; event_id: string; attempts: number; queued_at: Date; body: Stripe.EventBase }>(
    `UPDATE stripe_deliveries d SET attempts = attempts + 1, due_at = $2
     FROM stripe_objects o
     WHERE o.id = d.event_id AND d.id IN (
       SELECT id FROM stripe_deliveries WHERE state = 'pending' AND due_at <= $1 ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING d.id::text AS id, d.event_id, d.attempts, d.queued_at, o.body`,
    [new Date(nowMs), new Date(nowMs + LEASE_MS), limit],
  );

export const recordAttempt = async (
  database: SandboxDatabase,
  id: string,
  outcome: AttemptOutcome & { readonly state: 'delivered' | 'pending' | 'abandoned'; readonly dueMs: number },
): Promise<void> => {
  await database.query(
    'UPDATE stripe_deliveries SET state = $2, due_at = $3, last_status = $4, last_error = $5 WHERE id = $1',
    [id, outcome.state, new Date(outcome.dueMs), outcome.status, outcome.error],
  );
};

export const queueDeliveries = async (
  database: SandboxDatabase,
  order: { readonly eventId: string; readonly times: number; readonly nowMs: number },
): Promise<void> => {
  await database.query(
    'INSERT INTO stripe_deliveries (event_id, queued_at, due_at) SELECT $1, $2, $2 FROM generate_series(1, $3::int)',
    [order.eventId, new Date(order.nowMs), order.times],
  );
};

/** True when no delivery of this event is still waiting for its first attempt. */
export const wasAttempted = async (database: SandboxDatabase, eventId: string): Promise<boolean> => {
  const rows = await database.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM stripe_deliveries
     WHERE event_id = $1 AND last_status IS NULL AND last_error IS NULL`,
    [eventId],
  );
  return rows[0]?.waiting === 0;
};

export const countDeliveries = async (database: SandboxDatabase): Promise<Backlog> => {
  const rows = await database.query<{ state: string; total: number }>(
    'SELECT state, count(*)::int AS total FROM stripe_deliveries GROUP BY state',
  );
  const count = (state: string): number => rows.find((row) => row.state === state)?.total ?? 0;
  return { pending: count('pending'), delivered: count('delivered'), abandoned: count('abandoned') };
};
