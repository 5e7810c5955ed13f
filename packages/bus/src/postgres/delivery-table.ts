import { randomUUID } from 'node:crypto';

import { must } from '@quittance/kernel';
import { inOneWrite } from '@quittance/runtime';
import { type Pool } from 'pg';

import { type OutboundMessage } from '../topology.ts';
import { type Backlog } from '../transport.ts';

/** By queue the types of what came; none where they are not known. */
export type Arrivals = ReadonlyMap<string, readonly string[]>;

/** A row that this process holds until its lease runs out. */
export interface ClaimedRow {
  readonly id: string;
  readonly lease: string;
  readonly messageId: string | null;
  readonly type: string | null;
  readonly body: Buffer;
  readonly attempt: number;
  /** How often it was taken, this time included. */
  readonly taken: number;
  readonly reason: string | null;
  readonly diedAt: Date | null;
  /** When it had fallen due before it was taken, in seconds since 1970. */
  readonly wasDueSeconds: number;
}

export type Held = Pick<ClaimedRow, 'id' | 'lease'>;

export interface DeliveryTable {
  /** Settles when they are on disk; the announcement is sent along behind them, so that nobody waits for our answer. */
  insert(messages: readonly OutboundMessage[], announcement: string): Promise<void>;
  insertOne(queue: string, message: Pick<OutboundMessage, 'messageId' | 'type' | 'body'>): Promise<void>;
  /** The oldest that are due; of those alone that fell due at `fromSeconds` (since 1970) or later. */
  claim(queue: string, limit: number, fromSeconds: number): Promise<readonly ClaimedRow[]>;
  renew(held: readonly Held[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  delay(held: Held, delayMs: number): Promise<void>;
  bury(held: Held, reason: string): Promise<void>;
  giveBack(held: Held): Promise<void>;
  /** Those that have something due, and the type of what has been due for longest. */
  queuesWithWork(queues: readonly string[]): Promise<Arrivals>;
  backlog(): Promise<Backlog>;
}

export interface DeliveryTablePools {
  /** Commits are on disk when they return. */
  readonly durable: Pool;
  /** Commits may be lost when the power goes: a lost claim or removal only means one more delivery. */
  readonly relaxed: Pool;
}

const INSERT = `
INSERT INTO bus.delivery (queue, message_id, type, body)
SELECT r.queue, m.message_id, m.type, m.body
FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS m (message_id, type, body, n)
JOIN unnest($4::bigint[], $5::text[]) AS r (n, queue) ON r.n = m.n
ORDER BY m.n`;

const CLAIM = `
WITH due AS (
  SELECT id, due_at AS was_due_at FROM bus.delivery
  WHERE queue = $1 AND due_at <= clock_timestamp() AND due_at >= to_timestamp($5)
  ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE bus.delivery d
SET due_at = clock_timestamp() + $3 * interval '1 millisecond', lease = $4, taken = d.taken + 1
FROM due WHERE d.id = due.id
RETURNING d.id, d.lease, d.message_id AS "messageId", d.type, d.body, d.attempt, d.taken, d.reason, d.died_at AS "diedAt",
  extract(epoch FROM due.was_due_at)::float8 AS "wasDueSeconds"`;

const RENEW = `
UPDATE bus.delivery d SET due_at = clock_timestamp() + $3 * interval '1 millisecond'
FROM unnest($1::bigint[], $2::uuid[]) AS held (id, lease) WHERE d.id = held.id AND d.lease = held.lease`;

const DELAY = `
UPDATE bus.delivery
SET attempt = attempt + 1, due_at = clock_timestamp() + $3 * interval '1 millisecond', lease = NULL, taken = 0
WHERE id = $1 AND lease = $2`;

const BURY = `
UPDATE bus.delivery
SET queue = queue || '.dead', reason = $3, died_at = clock_timestamp(), due_at = clock_timestamp(), lease = NULL
WHERE id = $1 AND lease = $2`;

const REMOVE = 'DELETE FROM bus.delivery WHERE id = ANY($1::bigint[])';

const GIVE_BACK = 'UPDATE bus.delivery SET due_at = clock_timestamp(), lease = NULL WHERE id = $1 AND lease = $2';

const QUEUES_WITH_WORK = `
SELECT asked.queue, oldest.type FROM unnest($1::text[]) AS asked (queue) CROSS JOIN LATERAL (
  SELECT type FROM bus.delivery d WHERE d.queue = asked.queue AND d.due_at <= clock_timestamp()
  ORDER BY d.due_at, d.id LIMIT 1
) AS oldest`;

const BACKLOG = `
SELECT count(*) FILTER (WHERE due_at <= clock_timestamp())::int AS ready,
  count(*) FILTER (WHERE due_at > clock_timestamp() AND lease IS NULL)::int AS delayed,
  count(*) FILTER (WHERE due_at > clock_timestamp() AND lease IS NOT NULL)::int AS "inFlight"
FROM bus.delivery`;

/** The one place with the SQL of the queue. */
export const makeDeliveryTable = ({ durable, relaxed }: DeliveryTablePools, leaseMs: number): DeliveryTable => ({
  insert: async (messages, announcement) => {
    const routes = messages.flatMap((message, index) => message.consumers.map((queue) => ({ n: index + 1, queue })));
    const values = [
      messages.map((message) => message.messageId),
      messages.map((message) => message.type),
      messages.map((message) => message.body),
      routes.map((route) => route.n),
      routes.map((route) => route.queue),
    ];
    const client = await durable.connect();
    try {
      await inOneWrite(client.connection.stream, () => {
        const inserted = client.query({ name: 'delivery_insert', text: INSERT, values });
        // Not in the same transaction: notifications queue behind one lock, which would be held until the disk answers.
        client.query(announcement).catch(() => undefined);
        return inserted;
      });
    } finally {
      client.release();
    }
  },
  insertOne: async (queue, { messageId, type, body }) => {
    const sql = 'INSERT INTO bus.delivery (queue, message_id, type, body) VALUES ($1, $2, $3, $4)';
    await durable.query(sql, [queue, messageId, type, body]);
  },
  claim: async (queue, limit, fromSeconds) => {
    const { rows } = await relaxed.query<ClaimedRow>({
      name: 'delivery_claim',
      text: CLAIM,
      values: [queue, limit, leaseMs, randomUUID(), fromSeconds],
    });
    return rows;
  },
  renew: async (held) => {
    await relaxed.query(RENEW, [held.map((row) => row.id), held.map((row) => row.lease), leaseMs]);
  },
  remove: async (ids) => {
    await relaxed.query({ name: 'delivery_remove', text: REMOVE, values: [ids] });
  },
  delay: async ({ id, lease }, delayMs) => {
    await durable.query(DELAY, [id, lease, delayMs]);
  },
  bury: async ({ id, lease }, reason) => {
    await durable.query(BURY, [id, lease, reason.replaceAll('\0', '')]);
  },
  giveBack: async ({ id, lease }) => {
    await relaxed.query(GIVE_BACK, [id, lease]);
  },
  queuesWithWork: async (queues) => {
    const { rows } = await relaxed.query<{ queue: string; type: string | null }>({
      name: 'delivery_queues_with_work',
      text: QUEUES_WITH_WORK,
      values: [queues],
    });
    return new Map(rows.map(({ queue, type }) => [queue, type === null ? [] : [type]]));
  },
  backlog: async () => {
    const { rows } = await relaxed.query<Backlog>(BACKLOG);
    return must(rows[0], 'a row of counts');
  },
});
