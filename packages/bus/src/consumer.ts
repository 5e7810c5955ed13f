import { type ServiceName } from '@quittance/contracts';
import { assert, toError } from '@quittance/kernel';
import { type Logger, type Metrics } from '@quittance/runtime';

import { type Binding } from './binding.ts';
import { type ConsumerMetrics, makeConsumerMetrics } from './consumer-metrics.ts';
import { failureOutcome } from './failure-outcome.ts';
import { runHandler } from './handle-once.ts';
import { parseDelivery } from './parse-delivery.ts';
import { pause } from './pause.ts';
import { type DeadLetterStore, type InboxStore } from './stores.ts';
import { type Delivery, type Settlement, type Subscription, type Transport } from './transport.ts';

export interface ConsumerDeps {
  readonly service: ServiceName;
  readonly transport: Transport;
  readonly inbox: InboxStore;
  readonly deadLetters: DeadLetterStore;
  readonly bindings: readonly Binding[];
  /** Deliveries handled at once, also the prefetch. 10 for handlers that commit, 100 for batch appenders. */
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
  const { service, transport, bindings } = deps;
  const byType = new Map(bindings.map((binding) => [binding.definition.type, binding]));
  assert(byType.size === bindings.length, `${service} binds a message type twice`);
  const stopping = new AbortController();
  const handling: Handling = { ...deps, byType, signal: stopping.signal, count: makeConsumerMetrics(deps.metrics) };
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
      const options = { prefetch: deps.concurrency };
      const main = await transport.consume(service, options, (delivery) => counted(() => settle(handling, delivery)));
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

interface Handling extends ConsumerDeps {
  readonly byType: ReadonlyMap<string, Binding>;
  readonly signal: AbortSignal;
  readonly count: ConsumerMetrics;
}

const settle = async (handling: Handling, delivery: Delivery): Promise<Settlement> => {
  const { inbox, service, logger, count } = handling;
  const message = { service, messageId: delivery.messageId, type: delivery.type, attempt: delivery.attempt };
  const parsed = parseDelivery(delivery, handling.byType);
  if (!parsed.valid) {
    logger.error({ ...message, reason: parsed.reason }, 'message is not what its type promises: dead letter');
    count.settled('dead');
    return { outcome: 'dead_letter', reason: parsed.reason };
  }
  try {
    if (await wasHandled(handling, parsed.envelope.id)) {
      count.settled('duplicate');
      return { outcome: 'acknowledge' };
    }
    count.settled(await runHandler({ service, inbox }, parsed.envelope, parsed.run));
    return { outcome: 'acknowledge' };
  } catch (thrown) {
    // Not its fault that we stop: it stays on the queue with the attempts it has.
    if (thrown instanceof Stopping) throw thrown;
    const settlement = failureOutcome(thrown, delivery.attempt, handling.transport.attemptsMax);
    const dead = settlement.outcome === 'dead_letter';
    logger[dead ? 'error' : 'warn'](
      { ...message, err: toError(thrown) },
      dead ? 'message could not be handled: dead letter' : 'message will be tried again',
    );
    count.settled(dead ? 'dead' : 'retried');
    return settlement;
  }
};

const INBOX_WAIT_MAX_MS = 60_000;
const INBOX_PAUSE_MS = 250;

class Stopping extends Error {}

/**
 * While the service's own database is away nothing can be handled, so the delivery is held (and with it, by the
 * prefetch, the queue) instead of spending its few attempts on an outage that is not its own.
 */
const wasHandled = async ({ inbox, service, logger, signal }: Handling, messageId: string): Promise<boolean> => {
  const deadlineMs = performance.now() + INBOX_WAIT_MAX_MS;
  for (;;) {
    try {
      return await inbox.wasHandled(service, messageId);
    } catch (thrown) {
      if (signal.aborted) throw new Stopping('stopped while the inbox did not answer', { cause: thrown });
      if (performance.now() > deadlineMs) throw thrown;
      logger.warn({ service, messageId, err: toError(thrown) }, 'inbox does not answer, holding the message');
      await pause(INBOX_PAUSE_MS, signal);
    }
  }
};
