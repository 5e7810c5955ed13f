import { toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type Channel, type ConsumeMessage, type RecoveringChannelModel } from 'amqplib';

import { pause, waitAtMost } from '../pause.ts';
import { type Subscription } from '../transport.ts';
import { keepChannel } from './keep-channel.ts';

export interface RabbitSubscriptionDeps {
  readonly connection: RecoveringChannelModel;
  readonly queue: string;
  readonly prefetch: number;
  readonly declare: (channel: Channel) => Promise<void>;
  /** Handles, settles and acknowledges. When it throws, the delivery goes back to the queue a second later. */
  readonly handle: (message: ConsumeMessage, acknowledge: () => void) => Promise<void>;
  readonly logger: Logger;
}

export interface RabbitSubscription extends Subscription {
  readonly ready: Promise<void>;
  inFlight(): number;
}

const DRAIN_MAX_MS = 5_000;
const AFTER_FAILURE_MS = 1_000;

export const subscribeRabbit = (deps: RabbitSubscriptionDeps): RabbitSubscription => {
  const { connection, queue, prefetch, logger } = deps;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let cancel: (() => Promise<unknown>) | null = null;

  const settle = async (channel: Channel, message: ConsumeMessage): Promise<void> => {
    try {
      await deps.handle(message, () => channel.ack(message));
    } catch (thrown) {
      logger.warn({ queue, err: toError(thrown) }, 'delivery goes back to its queue');
      // A failure of our own side; without the pause it would come back at once, for ever.
      await pause(AFTER_FAILURE_MS, stopping.signal);
      giveBack(channel, message);
    }
  };

  const kept = keepChannel<Channel>({
    create: () => connection.createChannel(),
    setUp: async (channel) => {
      await deps.declare(channel);
      await channel.prefetch(prefetch);
      const { consumerTag } = await channel.consume(queue, (message) => {
        // Null: the queue was deleted. A new channel declares it again.
        if (message === null) return kept.drop();
        const work = settle(channel, message).finally(() => running.delete(work));
        running.add(work);
      });
      cancel = () => channel.cancel(consumerTag);
    },
    logger,
  });

  return {
    ready: kept.ready,
    inFlight: () => running.size,
    stop: async () => {
      stopping.abort();
      await waitAtMost(drain(cancel, running), DRAIN_MAX_MS);
      await kept.close();
    },
  };
};

/** Already delivered messages may still arrive until the broker has answered the cancel. */
const drain = async (cancel: (() => Promise<unknown>) | null, running: ReadonlySet<Promise<void>>): Promise<void> => {
  await cancel?.().catch(() => undefined);
  await Promise.all(running);
};

/** `reject` and not `nack`: newer brokers count only the former towards the delivery limit. */
const giveBack = (channel: Channel, message: ConsumeMessage): void => {
  try {
    channel.reject(message, true);
  } catch {
    // The channel is gone, and with it the claim: the broker delivers again.
  }
};
