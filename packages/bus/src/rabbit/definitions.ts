import { allMessages, type MessageDefinition } from '@quittance/contracts';

import { makeTopology } from '../topology.ts';
import { rabbitNames, rabbitPlan } from './plan.ts';

const DEFAULT_RETRY_TIERS_MS: readonly number[] = [1_000, 10_000, 60_000, 600_000];

const VHOST = '/';

/** The topology as RabbitMQ definitions (`load_definitions`), so that an operator's broker is complete before we connect. */
export const rabbitMqDefinitions = (
  messages: readonly MessageDefinition[] = allMessages,
  retryTiersMs: readonly number[] = DEFAULT_RETRY_TIERS_MS,
) => {
  const plan = rabbitPlan(makeTopology(messages), { names: rabbitNames(''), retryTiersMs });
  return {
    vhosts: [{ name: VHOST }],
    exchanges: plan.exchanges.map(({ name, type }) => ({
      name,
      vhost: VHOST,
      type,
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    })),
    queues: plan.queues.map((queue) => ({
      name: queue.name,
      vhost: VHOST,
      durable: true,
      auto_delete: false,
      arguments: queue.arguments,
    })),
    bindings: plan.bindings.map(({ exchange, queue, key }) => ({
      source: exchange,
      vhost: VHOST,
      destination: queue,
      destination_type: 'queue',
      routing_key: key,
      arguments: {},
    })),
  };
};
