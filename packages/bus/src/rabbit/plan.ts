import { type ServiceName } from '@quittance/contracts';

import { type Topology } from '../topology.ts';

/** Everything the broker has to hold, as data: declared, checked, and written as RabbitMQ definitions. */
export interface RabbitPlan {
  readonly exchanges: readonly { readonly name: string; readonly type: 'topic' | 'fanout' }[];
  readonly queues: readonly PlannedQueue[];
  readonly bindings: readonly { readonly exchange: string; readonly queue: string; readonly key: string }[];
}

interface PlannedQueue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface RabbitNames {
  readonly events: string;
  readonly queueOf: (service: ServiceName) => string;
  readonly deadQueueOf: (service: ServiceName) => string;
  /** The exchange and the queue of one tier have one name, with the delay in it: another delay is another queue. */
  readonly delayOf: (delayMs: number) => string;
}

export const rabbitNames = (prefix: string): RabbitNames => ({
  events: `${prefix}quittance.events`,
  queueOf: (service) => `${prefix}quittance.${service}`,
  deadQueueOf: (service) => `${prefix}quittance.${service}.dead`,
  delayOf: (delayMs) => `${prefix}quittance.delay.${delayMs}ms`,
});

/** A crash counts against everything prefetched: generous, and only a net under the attempts that we count. */
const DELIVERIES_MAX = 20;

/**
 * Dead-lettering by the broker loses messages unless it is at-least-once, and that needs `reject-publish`. These
 * arguments cannot change on a queue that exists (406): a change of them takes a new name.
 */
const deadLetterTo = (key: string | null) => ({
  'x-queue-type': 'quorum',
  'x-dead-letter-exchange': '',
  ...(key === null ? {} : { 'x-dead-letter-routing-key': key }),
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

export const rabbitPlan = (
  topology: Topology,
  { names, retryTiersMs }: { readonly names: RabbitNames; readonly retryTiersMs: readonly number[] },
): RabbitPlan => {
  const tiersMs = [...new Set(retryTiersMs)];
  return {
    exchanges: [
      { name: names.events, type: 'topic' },
      ...tiersMs.map((delayMs) => ({ name: names.delayOf(delayMs), type: 'fanout' as const })),
    ],
    queues: [
      ...topology.consumers.flatMap((service) => [
        {
          name: names.queueOf(service),
          arguments: { ...deadLetterTo(names.deadQueueOf(service)), 'x-delivery-limit': DELIVERIES_MAX },
        },
        { name: names.deadQueueOf(service), arguments: { 'x-queue-type': 'quorum' } },
      ]),
      // Through a fanout exchange the routing key stays the name of the queue to come back to.
      ...tiersMs.map((delayMs) => ({
        name: names.delayOf(delayMs),
        arguments: { ...deadLetterTo(null), 'x-message-ttl': delayMs },
      })),
    ],
    bindings: [
      ...topology.consumers.flatMap((service) =>
        topology.typesOf(service).map((key) => ({ exchange: names.events, queue: names.queueOf(service), key })),
      ),
      ...tiersMs.map((delayMs) => ({ exchange: names.delayOf(delayMs), queue: names.delayOf(delayMs), key: '' })),
    ],
  };
};
