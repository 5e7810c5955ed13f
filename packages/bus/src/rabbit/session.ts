import { type Secret } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type Channel, type ConsumeMessage } from 'amqplib';

import { type Subscription } from '../transport.ts';
import { closeRabbit, connectRabbit } from './connection.ts';
import { declarePlan, planOf } from './declare-plan.ts';
import { type RabbitPlan } from './plan.ts';
import { makeRabbitPublisher, type RabbitPublisher } from './publisher.ts';
import { makeQueueChecks, type QueueChecks } from './queue-checks.ts';
import { type RabbitSubscription, subscribeRabbit } from './rabbit-subscription.ts';

/** The two connections and what lives on them, from start to stop. */
export interface RabbitSession {
  readonly publisher: RabbitPublisher;
  readonly checks: QueueChecks;
  /** A channel for one piece of work: an error on it disturbs nobody else. */
  withChannel(work: (channel: Channel) => Promise<void>): Promise<void>;
  subscribe(wish: SubscriptionWish): Promise<Subscription>;
  inFlight(): number;
  stop(): Promise<void>;
}

interface SubscriptionWish {
  /** The first is consumed; all are declared again on every new channel. */
  readonly queues: readonly [string, ...string[]];
  readonly prefetch: number;
  readonly handle: (message: ConsumeMessage, acknowledge: () => void) => Promise<void>;
}

export interface RabbitSessionOptions {
  readonly url: Secret;
  readonly logger: Logger;
  readonly plan: RabbitPlan;
}

const CONFIRM_MAX_MS = 5_000;

export const startRabbitSession = async ({ url, logger, plan }: RabbitSessionOptions): Promise<RabbitSession> => {
  const publishing = await connectRabbit({ url, logger, name: 'quittance publishes' });
  const consuming = await connectRabbit({ url, logger, name: 'quittance consumes' });
  const publisher = makeRabbitPublisher({
    connection: publishing,
    // After every reconnect too: the broker may be another one, restored or replaced.
    setUp: (channel) => declarePlan(channel, plan),
    logger,
    confirmMaxMs: CONFIRM_MAX_MS,
  });
  const checks = makeQueueChecks(publishing, logger);
  const subscriptions = new Set<RabbitSubscription>();
  const closeAll = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((subscription) => subscription.stop()));
    await Promise.all([publisher.close(), checks.close()]);
    await Promise.all([closeRabbit(consuming), closeRabbit(publishing)]);
  };
  try {
    await Promise.all([publisher.ready, checks.ready]);
  } catch (thrown) {
    await closeAll();
    throw thrown;
  }
  return {
    publisher,
    checks,
    withChannel: async (work) => {
      const channel = await publishing.createChannel();
      channel.on('error', () => undefined);
      try {
        await work(channel);
      } finally {
        // An error of the work has closed it already.
        await channel.close().catch(() => undefined);
      }
    },
    subscribe: async ({ queues, prefetch, handle }) => {
      const part = planOf(plan, queues);
      const declare = (channel: Channel): Promise<void> => declarePlan(channel, part);
      const subscription = subscribeRabbit({
        connection: consuming,
        queue: queues[0],
        prefetch,
        declare,
        handle,
        logger,
      });
      subscriptions.add(subscription);
      await subscription.ready;
      return {
        stop: async () => {
          subscriptions.delete(subscription);
          await subscription.stop();
        },
      };
    },
    inFlight: () => [...subscriptions].reduce((sum, subscription) => sum + subscription.inFlight(), 0),
    stop: closeAll,
  };
};
