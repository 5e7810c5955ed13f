import { type ServiceName } from '@quittance/contracts';
import { toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type ConsumerMetrics } from './consumer-metrics.ts';
import { failureOutcome } from './failure-outcome.ts';
import { runHandler } from './handle-once.ts';
import { type ValidDelivery } from './parse-delivery.ts';
import { pause } from './pause.ts';
import { type InboxStore } from './stores.ts';
import { type Delivery, type Settlement } from './transport.ts';

/** What every delivery of one consumer is handled with. */
export interface Handling {
  readonly service: ServiceName;
  readonly inbox: InboxStore;
  readonly logger: Logger;
  readonly count: ConsumerMetrics;
  readonly attemptsMax: number;
  /** Aborts when the consumer stops. */
  readonly signal: AbortSignal;
}

/** A delivery whose bytes are what its type promises. */
export interface ReadDelivery {
  readonly delivery: Delivery;
  readonly parsed: ValidDelivery;
}

/** Handles one delivery by itself. Throws only when we stop: then it stays on the queue with the attempts it has. */
export const settleAlone = async (handling: Handling, read: ReadDelivery): Promise<Settlement> => {
  const { inbox, service, count } = handling;
  const { envelope, handling: prepared } = read.parsed;
  try {
    if (await heldWhileAway(handling, () => inbox.wasHandled(service, envelope.id))) {
      count.settled('duplicate');
      return { outcome: 'acknowledge' };
    }
    count.settled(await runHandler({ service, inbox }, envelope, prepared.run));
    return { outcome: 'acknowledge' };
  } catch (thrown) {
    return settleFailure(handling, read.delivery, thrown);
  }
};

export const settleFailure = (handling: Handling, delivery: Delivery, thrown: unknown): Settlement => {
  // Not its fault that we stop.
  if (thrown instanceof Stopping) throw thrown;
  const settlement = failureOutcome(thrown, delivery.attempt, handling.attemptsMax);
  const dead = settlement.outcome === 'dead_letter';
  handling.logger[dead ? 'error' : 'warn'](
    { ...toldOf(handling.service, delivery), err: toError(thrown) },
    dead ? 'message could not be handled: dead letter' : 'message will be tried again',
  );
  handling.count.settled(dead ? 'dead' : 'retried');
  return settlement;
};

/** A delivery as log lines name it. */
export const toldOf = (service: ServiceName, { messageId, type, attempt }: Delivery) => ({
  service,
  messageId,
  type,
  attempt,
});

const INBOX_WAIT_MAX_MS = 60_000;
const INBOX_PAUSE_MS = 250;

class Stopping extends Error {}

/**
 * While the service's own database is away nothing can be handled, so the delivery is held (and with it, by the
 * prefetch, the queue) instead of spending its few attempts on an outage that is not its own.
 */
export const heldWhileAway = async <T>(
  { service, logger, signal }: Handling,
  readInbox: () => Promise<T>,
): Promise<T> => {
  const deadlineMs = performance.now() + INBOX_WAIT_MAX_MS;
  for (;;) {
    try {
      return await readInbox();
    } catch (thrown) {
      if (signal.aborted) throw new Stopping('stopped while the inbox did not answer', { cause: thrown });
      if (performance.now() > deadlineMs) throw thrown;
      logger.warn({ service, err: toError(thrown) }, 'inbox does not answer, holding what was delivered');
      await pause(INBOX_PAUSE_MS, signal);
    }
  }
};
