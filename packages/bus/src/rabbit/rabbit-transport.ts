import { allMessages, type Envelope, type MessageDefinition } from '@quittance/contracts';
import { must, type Secret } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { makeTopology, type OutboundMessage, toOutbound, type Topology } from '../topology.ts';
import { type PublishResult, type Transport } from '../transport.ts';
import { declarePlan } from './declare-plan.ts';
import { type RabbitNames, rabbitNames, rabbitPlan } from './plan.ts';
import { type RabbitMessage } from './publisher.ts';
import { consumeQueue, drainDeadQueue, type RabbitEngine, sendToQueue } from './rabbit-deliveries.ts';
import { HEADER } from './rabbit-message.ts';
import { type RabbitSession, startRabbitSession } from './session.ts';

export interface RabbitTransportOptions {
  /** May name a vhost: `amqps://user:password@host/vhost`. */
  readonly url: Secret;
  /** Delays before attempts 2, 3, …, in milliseconds. */
  readonly retryTiersMs: readonly number[];
  readonly logger: Logger;
  /** Put before every name, so that tests share a broker. */
  readonly prefix?: string;
  /** Default: every message of the suite. */
  readonly messages?: readonly MessageDefinition[];
}

/** The bus on RabbitMQ: what production runs. One connection publishes, another consumes; both come back by themselves. */
export const makeRabbitTransport = (options: RabbitTransportOptions): Transport => {
  const { url, logger, retryTiersMs } = options;
  const topology = makeTopology(options.messages ?? allMessages);
  const names = rabbitNames(options.prefix ?? '');
  const plan = rabbitPlan(topology, { names, retryTiersMs });
  let session: RabbitSession | null = null;
  const engine = (): RabbitEngine => ({
    names,
    retryTiersMs,
    session: must(session, 'a started transport: call start() first'),
  });
  return {
    attemptsMax: retryTiersMs.length + 1,
    fetches: false,
    start: async () => {
      session = await startRabbitSession({ url, logger, plan });
    },
    stop: async () => {
      await session?.stop();
      session = null;
    },
    declare: () => engine().session.withChannel((channel) => declarePlan(channel, plan)),
    publish: async (envelopes) =>
      session === null
        ? envelopes.map(() => new Error('the transport is not started'))
        : publish(engine(), topology, envelopes),
    consume: (service, { prefetch }, onDelivery) => consumeQueue(engine(), { service, prefetch }, onDelivery),
    drainDeadLetters: (service, store) => drainDeadQueue(engine(), service, store),
    redeliver: (service, { messageId, type, body }) =>
      sendToQueue(engine(), names.queueOf(service), {
        delivery: { messageId, type, body: Buffer.from(body) },
        headers: { [HEADER.attempt]: 1 },
      }),
    backlog: async () => {
      const { session: live } = engine();
      const counts = await live.checks.count(plan.queues.map((queue) => queue.name));
      const delayNames = new Set(retryTiersMs.map(names.delayOf));
      const sum = (delayed: boolean): number =>
        counts.reduce((total, count, index) => {
          const isDelay = delayNames.has(must(plan.queues[index], 'a counted queue').name);
          return isDelay === delayed ? total + count : total;
        }, 0);
      return { ready: sum(false), delayed: sum(true), inFlight: live.inFlight() };
    },
    ping: async () => {
      await engine().session.checks.count(plan.queues.slice(0, 1).map((queue) => queue.name));
    },
  };
};

const publish = async (
  { names, session }: RabbitEngine,
  topology: Topology,
  envelopes: readonly Envelope[],
): Promise<readonly PublishResult[]> => {
  const outbound = envelopes.map((envelope) => toOutbound(topology, envelope));
  const messages = outbound.flatMap((message) => (message instanceof Error ? [] : [message]));
  if (messages.length === 0) return outbound.map((message) => must(message instanceof Error ? message : null, 'Error'));
  const consumers = new Set(messages.flatMap((message) => message.consumers));
  const copies = messages.map((message) => toRabbitMessages(names, message));
  const [ofCopies, missing] = await Promise.all([
    session.publisher.publish(copies.flat()),
    session.checks.missing([...consumers].map(names.queueOf)),
  ]);
  const results = inGroups(ofCopies, copies).map(
    (group): PublishResult => group.find((result) => result !== 'confirmed') ?? 'confirmed',
  );
  // A new channel declares it; until then nothing of this batch counts as sent.
  if (missing !== null) session.publisher.drop();
  const resultOf = new Map(
    messages.map((message, index) => {
      const result = must(results[index], 'a result for each message');
      return [message, result === 'confirmed' && missing !== null ? missing : result];
    }),
  );
  return outbound.map((message) =>
    message instanceof Error ? message : must(resultOf.get(message), 'a result for each message'),
  );
};

/**
 * What the broker routes to one of two consumers it confirms, and says nothing of the other one's binding: who has a
 * message of several gets a copy of his own, right into his queue.
 */
const toRabbitMessages = (
  names: RabbitNames,
  { messageId, type, body, consumers }: OutboundMessage,
): readonly RabbitMessage[] => {
  const told = { messageId, type, body, headers: { [HEADER.attempt]: 1 } };
  if (consumers.length === 1) return [{ ...told, exchange: names.events, key: type }];
  return consumers.map((consumer) => ({ ...told, exchange: '', key: names.queueOf(consumer) }));
};

/** The results of the copies of each message. */
const inGroups = <Item>(
  items: readonly Item[],
  groups: readonly (readonly unknown[])[],
): readonly (readonly Item[])[] => {
  let end = 0;
  return groups.map(({ length }) => {
    end += length;
    return items.slice(end - length, end);
  });
};
