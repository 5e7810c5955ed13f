import { type ServiceName } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { type ConsumeMessage } from 'amqplib';

import { carryOut, type HeldDelivery } from '../carry-out.ts';
import { type ArrivedDeadLetter, type Delivery, type OnDelivery, type Subscription } from '../transport.ts';
import { type RabbitNames } from './plan.ts';
import { deadLetterHeaders, fromRabbitMessage, HEADER, toDeadLetter } from './rabbit-message.ts';
import { type RabbitSession } from './session.ts';

/** A running transport, for those who work with it. */
export interface RabbitEngine {
  readonly names: RabbitNames;
  readonly retryTiersMs: readonly number[];
  readonly session: RabbitSession;
}

interface Sending {
  readonly delivery: Pick<Delivery, 'messageId' | 'type' | 'body'>;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Default: the exchange that delivers to the queue its key names. */
  readonly exchange?: string;
}

const DEAD_LETTERS_AT_ONCE = 5;

/** Confirmed and routed, or it throws. */
export const sendToQueue = async (
  { session }: RabbitEngine,
  queue: string,
  { delivery, headers, exchange = '' }: Sending,
): Promise<void> => {
  const { messageId, type, body } = delivery;
  const [result] = await session.publisher.publish([{ exchange, key: queue, messageId, type, body, headers }]);
  if (result !== 'confirmed') throw must(result, 'a result of the publish');
};

export const consumeQueue = (
  engine: RabbitEngine,
  { service, prefetch }: { readonly service: ServiceName; readonly prefetch: number },
  onDelivery: OnDelivery,
): Promise<Subscription> => {
  const queue = engine.names.queueOf(service);
  const deadQueue = engine.names.deadQueueOf(service);
  const handle = async (message: ConsumeMessage, acknowledge: () => void): Promise<void> => {
    const delivery = fromRabbitMessage(message);
    const { attempt } = delivery;
    // Sent on and confirmed before the acknowledgement: between the two it exists twice, never not at all.
    const held: HeldDelivery = {
      acknowledge: async () => acknowledge(),
      retry: async () => {
        const delayMs = must(engine.retryTiersMs[attempt - 1], `retry tier of attempt ${attempt}`);
        const exchange = engine.names.delayOf(delayMs);
        await sendToQueue(engine, queue, { delivery, exchange, headers: { [HEADER.attempt]: attempt + 1 } });
        acknowledge();
      },
      deadLetter: async (reason) => {
        await sendToQueue(engine, deadQueue, { delivery, headers: deadLetterHeaders(attempt, reason) });
        acknowledge();
      },
    };
    await carryOut(delivery, await onDelivery(delivery), held);
  };
  return engine.session.subscribe({ queues: [queue, deadQueue], prefetch, handle });
};

export const drainDeadQueue = (
  engine: RabbitEngine,
  service: ServiceName,
  store: (letter: ArrivedDeadLetter) => Promise<void>,
): Promise<Subscription> => {
  const queue = engine.names.deadQueueOf(service);
  const handle = async (message: ConsumeMessage, acknowledge: () => void): Promise<void> => {
    await store(toDeadLetter(message));
    acknowledge();
  };
  return engine.session.subscribe({ queues: [queue], prefetch: DEAD_LETTERS_AT_ONCE, handle });
};
