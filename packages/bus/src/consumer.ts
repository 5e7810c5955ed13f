import { type ServiceName } from '@quittance/contracts';
import { assert } from '@quittance/kernel';
import { type Logger, type Metrics } from '@quittance/runtime';

import { type Binding } from './binding.ts';
import { makeConsumerMetrics } from './consumer-metrics.ts';
import { type Gathering } from './gather.ts';
import { parseDelivery } from './parse-delivery.ts';
import { type Handling, type ReadDelivery, settleAlone, toldOf } from './settle-alone.ts';
import { makeBatches } from './settle-together.ts';
import { type DeadLetterStore, type InboxStore } from './stores.ts';
import { type OnDelivery, type Settlement, type Subscription, type Transport } from './transport.ts';

export interface ConsumerDeps {
  readonly service: ServiceName;
  readonly transport: Transport;
  readonly inbox: InboxStore;
  readonly deadLetters: DeadLetterStore;
  readonly bindings: readonly Binding[];
  /** Deliveries handled at once, also the prefetch. 10 for handlers that commit, hundreds for batches. */
  readonly concurrency: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Handles a service's queue by its bindings, and keeps its dead letters in its own database. */
export interface Consumer {
  /** Throws when the transport is not reachable; reconnects by itself afterwards. */
  start(): Promise<void>;
  /** Takes nothing new and waits up to 5 s for what runs. */
  stop(): Promise<void>;
  inFlight(): number;
}

export const makeConsumer = (deps: ConsumerDeps): Consumer => {
  const { service, transport, bindings, inbox, logger } = deps;
  const stopping = new AbortController();
  const count = makeConsumerMetrics(deps.metrics);
  const { attemptsMax, fetches } = transport;
  const handling = { service, inbox, logger, count, attemptsMax, signal: stopping.signal };
  const settle = makeSettle(handling, bindings, ({ lingerMs = 0 }) => (fetches ? 0 : lingerMs));
  let inFlight = 0;
  let subscriptions: readonly Subscription[] = [];
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    inFlight += 1;
    try {
      return await work();
    } finally {
      inFlight -= 1;
    }
  };
  return {
    start: async () => {
      // A service that consumes nothing has no queue in the topology.
      if (bindings.length === 0) return;
      // The dead letters first: a queue of them that nobody drains is the one place where work could be forgotten.
      const drain = await transport.drainDeadLetters(service, (letter) =>
        counted(() => deps.deadLetters.store(letter)),
      );
      subscriptions = [drain];
      const lingers = new Map(bindings.map(({ definition, lingerMs = 0 }) => [definition.type, lingerMs]));
      const options = { prefetch: deps.concurrency, lingerMs: (type: string) => lingers.get(type) ?? 0 };
      const main = await transport.consume(service, options, (delivery) => counted(() => settle(delivery)));
      subscriptions = [main, drain];
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      subscriptions = [];
    },
    inFlight: () => inFlight,
  };
};

/** By batch binding, and none of the others. */
type Batches = ReadonlyMap<Binding, Gathering<ReadDelivery, Settlement>>;

/** `lingerMs` is how long a batch waits for company: what has lain on its queue has had its time. */
const makeSettle = (
  handling: Handling,
  bindings: readonly Binding[],
  lingerMs: (binding: Binding) => number,
): OnDelivery => {
  const byType = new Map(bindings.map((binding) => [binding.definition.type, binding]));
  assert(byType.size === bindings.length, `${handling.service} binds a message type twice`);
  const batches: Batches = new Map(
    bindings.flatMap((binding) =>
      binding.runTogether === undefined ? [] : [[binding, makeBatches(handling, binding, lingerMs(binding))]],
    ),
  );
  return async (delivery) => {
    const parsed = parseDelivery(delivery, byType);
    if (parsed.valid) {
      const read = { delivery, parsed };
      const batch = parsed.handling.alone === true ? undefined : batches.get(parsed.binding);
      return batch?.add(read) ?? settleAlone(handling, read);
    }
    const { reason } = parsed;
    const told = toldOf(handling.service, delivery);
    handling.logger.error({ ...told, reason }, 'message is not what its type promises: dead letter');
    handling.count.settled('dead');
    return { outcome: 'dead_letter', reason };
  };
};
