import { allMessages, type Envelope, type MessageDefinition, type ServiceName } from '@quittance/contracts';
import { must, type Secret, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type Batcher, makeBatcher } from '../batcher.ts';
import { carryOut } from '../carry-out.ts';
import { withDeadline } from '../deadline.ts';
import { makeTopology, type OutboundMessage, toOutbound, type Topology } from '../topology.ts';
import { type OnDelivery, type PublishResult, type Subscription, type Transport } from '../transport.ts';
import { type QueueToWork } from './claim-loop.ts';
import { type Arrivals, type ClaimedRow, type DeliveryTable, makeDeliveryTable } from './delivery-table.ts';
import { makePools } from './pools.ts';
import { deadQueueOf, declareTables } from './tables.ts';
import { makeWakeUps } from './wake-ups.ts';
import { makeWorkers, type Workers } from './workers.ts';

export interface PostgresTransportOptions {
  /** A database of its own; `declare` makes the tables. */
  readonly url: Secret;
  /** Delays before attempts 2, 3, …, in milliseconds. */
  readonly retryTiersMs: readonly number[];
  readonly logger: Logger;
  /** Default: every message of the suite. */
  readonly messages?: readonly MessageDefinition[];
  /** How long a delivery belongs to a process that stopped renewing it. Default 15 s. */
  readonly leaseMs?: number;
}

const PUBLISH_MAX_MS = 5_000;
const BATCH_MAX = 1_000;
/** After so many times without an answer the message is what kills its consumers. */
const TAKEN_MAX = 20;
const DEAD_LETTERS_AT_ONCE = 5;
const LEASE_MS = 15_000;

/**
 * The bus inside PostgreSQL, for one machine: a message is one row per consumer, and it is confirmed when they are
 * committed. Survives restarts of itself, of its consumers and of the database.
 */
export const makePostgresTransport = (options: PostgresTransportOptions): Transport => {
  const { logger, retryTiersMs, leaseMs = LEASE_MS } = options;
  const topology = makeTopology(options.messages ?? allMessages);
  const pools = makePools(options.url, logger);
  const table = makeDeliveryTable(pools, leaseMs);
  const workers = makeWorkers({ table, leaseMs, logger });
  const { clientConfig, relaxed: pool } = pools;
  const wakeUps = makeWakeUps({ clientConfig, pool, logger, onWork: (arrivals) => workers.wake(arrivals) });
  const arrived = (queue: string): void => {
    workers.wake(new Map([[queue, []]]));
    wakeUps.announce(queue);
  };
  const inserts = makeBatcher<OutboundMessage>(
    (messages) => table.insert(messages, wakeUps.announcementOf(arrivalsOf(messages))),
    BATCH_MAX,
  );
  const work = async (queue: QueueToWork): Promise<Subscription> => {
    await wakeUps.listen(queue.queue);
    return workers.work(queue);
  };
  const removals = makeBatcher<string>((ids) => table.remove(ids), BATCH_MAX);
  const engine: Engine = { topology, table, workers, inserts, removals, retryTiersMs, arrived };
  return {
    attemptsMax: retryTiersMs.length + 1,
    fetches: true,
    start: async () => {
      await pools.connect();
      await wakeUps.start();
      workers.start();
    },
    stop: async () => {
      await workers.stop();
      await wakeUps.stop();
      await pools.end();
    },
    declare: () => declareTables(pools.durable),
    publish: (envelopes) => publish(engine, envelopes),
    consume: (service, { prefetch, lingerMs = atOnce }, onDelivery) =>
      work({
        queue: service,
        atOnceMax: prefetch,
        lingerMs,
        handle: (row) => settle(engine, { service, row }, onDelivery),
      }),
    drainDeadLetters: (service, store) =>
      work({
        queue: deadQueueOf(service),
        atOnceMax: DEAD_LETTERS_AT_ONCE,
        lingerMs: atOnce,
        handle: async (row) => {
          await store(toDeadLetter(row));
          await removals.add([row.id]);
        },
      }),
    redeliver: async (service, { messageId, type, body }) => {
      await table.insertOne(service, { messageId, type, body: Buffer.from(body) });
      arrived(service);
    },
    backlog: () => table.backlog(),
    ping: async () => {
      await pools.durable.query('SELECT 1');
    },
  };
};

interface Engine {
  readonly topology: Topology;
  readonly table: DeliveryTable;
  readonly workers: Workers;
  readonly inserts: Batcher<OutboundMessage>;
  readonly removals: Batcher<string>;
  readonly retryTiersMs: readonly number[];
  readonly arrived: (queue: string) => void;
}

const atOnce = (): number => 0;

const publish = async (
  { topology, inserts, workers }: Engine,
  envelopes: readonly Envelope[],
): Promise<readonly PublishResult[]> => {
  const outbound = envelopes.map((envelope) => toOutbound(topology, envelope));
  const messages = outbound.flatMap((message) => (message instanceof Error ? [] : [message]));
  if (messages.length === 0) return outbound.map(toError);
  const failure = await withDeadline(inserts.add(messages), PUBLISH_MAX_MS).then(() => null, toError);
  // Other processes were told with the insert.
  if (failure === null) workers.wake(arrivalsOf(messages));
  return outbound.map((message) => (message instanceof Error ? message : (failure ?? 'confirmed')));
};

const arrivalsOf = (messages: readonly OutboundMessage[]): Arrivals => {
  const queues = new Set(messages.flatMap(({ consumers }) => consumers));
  const typesOf = (queue: ServiceName) =>
    new Set(messages.flatMap(({ type, consumers }) => (consumers.includes(queue) ? [type] : [])));
  return new Map([...queues].map((queue) => [queue, [...typesOf(queue)]]));
};

const settle = async (
  { table, workers, removals, retryTiersMs, arrived }: Engine,
  { service, row }: { readonly service: ServiceName; readonly row: ClaimedRow },
  onDelivery: OnDelivery,
): Promise<void> => {
  const settlement =
    row.taken > TAKEN_MAX
      ? ({ outcome: 'dead_letter', reason: `taken ${TAKEN_MAX} times without an answer` } as const)
      : await onDelivery({ ...row, redelivered: row.taken > 1 });
  await carryOut(row, settlement, {
    acknowledge: () => removals.add([row.id]),
    retry: async () => {
      const delayMs = must(retryTiersMs[row.attempt - 1], `retry tier of attempt ${row.attempt}`);
      await table.delay(row, delayMs);
      workers.wakeLater(service, delayMs);
    },
    deadLetter: async (reason) => {
      await table.bury(row, reason);
      arrived(deadQueueOf(service));
    },
  });
};

const toDeadLetter = (row: ClaimedRow) => ({
  messageId: row.messageId ?? `delivery:${row.id}`,
  type: row.type ?? 'unknown',
  // Text columns cannot hold NUL, and a poison message may.
  body: row.body.toString('utf8').replaceAll('\0', '\uFFFD'),
  attempts: row.attempt,
  reason: row.reason ?? 'unknown',
  diedAt: must(row.diedAt, 'time of death of a dead letter'),
});
