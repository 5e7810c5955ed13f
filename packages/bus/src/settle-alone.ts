import { type ServiceName } from '@quittance/contracts';
import { isDomainError, toError } from '@quittance/kernel';
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
export const settleAlone = async (
  handling: Handling,
  read: ReadDelivery,
  mayBeRepeated = !isFirst(read.delivery),
): Promise<Settlement> => {
  try {
    const handle = mayBeRepeated ? lookAndHandle : handleFirst;
    handling.count.settled(await handle(handling, read));
    return { outcome: 'acknowledge' };
  } catch (thrown) {
    return settleFailure(handling, read.delivery, thrown);
  }
};

type Handled = 'handled' | 'duplicate';

const isFirst = ({ attempt, redelivered }: Delivery): boolean => attempt === 1 && !redelivered;

/**
 * What was never handed out before is nearly always new: its inbox row, which commits with its effect, decides. Only
 * when that fails is it worth a look whether the message was sent twice, or the database is away.
 */
const handleFirst = async (handling: Handling, read: ReadDelivery): Promise<Handled> => {
  try {
    return await handleNow(handling, read);
  } catch (thrown) {
    if (isDomainError(thrown) && thrown.code === 'platform.unavailable') return lookAndHandle(handling, read);
    if (await wasHandled(handling, read)) return 'duplicate';
    throw thrown;
  }
};

const lookAndHandle = async (handling: Handling, read: ReadDelivery): Promise<Handled> =>
  (await wasHandled(handling, read)) ? 'duplicate' : handleNow(handling, read);

const wasHandled = (handling: Handling, { parsed }: ReadDelivery): Promise<boolean> =>
  heldWhileAway(handling, () => handling.inbox.wasHandled(handling.service, parsed.envelope.id));

const handleNow = ({ service, inbox }: Handling, { parsed }: ReadDelivery): Promise<Handled> =>
  runHandler({ service, inbox }, parsed.envelope, parsed.handling.run);

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
