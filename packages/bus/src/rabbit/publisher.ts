import { type Logger } from '@quittance/runtime';
import { type ConfirmChannel, type RecoveringChannelModel } from 'amqplib';

import { type PublishResult } from '../transport.ts';
import { keepChannel } from './keep-channel.ts';

export interface RabbitMessage {
  readonly exchange: string;
  readonly key: string;
  readonly messageId: string | null;
  readonly type: string | null;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | number>>;
}

export interface RabbitPublisher {
  readonly ready: Promise<void>;
  /**
   * One result per message: confirmed by the broker and routed to at least one queue, or an Error, after which the
   * channel is set up anew.
   */
  publish(messages: readonly RabbitMessage[]): Promise<readonly PublishResult[]>;
  /** Sets the channel up anew: a queue turned out to be missing. */
  drop(): void;
  close(): Promise<void>;
}

export interface RabbitPublisherDeps {
  readonly connection: RecoveringChannelModel;
  readonly setUp: (channel: ConfirmChannel) => Promise<void>;
  readonly logger: Logger;
  /** Silence longer than this is a failure. */
  readonly confirmMaxMs: number;
}

/** Tells a returned message apart from another attempt to send the same one. */
const NUMBER_HEADER = 'x-publish';

export const makeRabbitPublisher = (deps: RabbitPublisherDeps): RabbitPublisher => {
  const returned = new Set<number>();
  let lastNumber = 0;
  const kept = keepChannel<ConfirmChannel>({
    create: () => deps.connection.createConfirmChannel(),
    setUp: async (channel) => {
      // A message without a queue is *confirmed*; only this event, always before the confirm, says where it did not go.
      channel.on('return', ({ properties }) => {
        const number: unknown = properties.headers?.[NUMBER_HEADER];
        if (typeof number === 'number') returned.add(number);
      });
      await deps.setUp(channel);
    },
    logger: deps.logger,
  });

  const publishOne = (channel: ConfirmChannel, message: RabbitMessage): Promise<PublishResult> =>
    new Promise((resolve) => {
      lastNumber += 1;
      const number = lastNumber;
      const confirm = (failure: unknown): void => {
        if (returned.delete(number)) resolve(new Error(`unroutable: no queue takes ${message.key}`));
        else if (failure === null || failure === undefined) resolve('confirmed');
        else resolve(failure instanceof Error ? failure : new Error('the broker refused the message'));
      };
      try {
        channel.publish(message.exchange, message.key, message.body, propertiesOf(message, number), confirm);
      } catch (thrown) {
        confirm(thrown);
      }
    });

  return {
    ready: kept.ready,
    publish: async (messages) => {
      const channel = kept.current();
      if (channel === null) return messages.map(() => new Error('the broker is not connected'));
      const results = messages.map(() => new Error(`no confirm within ${deps.confirmMaxMs} ms`)).map(asResult);
      const confirms = messages.map(async (message, index) => {
        results[index] = await publishOne(channel, message);
      });
      await allWithin(confirms, deps.confirmMaxMs);
      // A new channel declares what is missing, queue or binding; and on one that a full quorum queue has refused, the
      // broker refuses on when its limit is gone (rabbitmq-server #12206).
      if (results.some((result) => result !== 'confirmed') && kept.current() === channel) kept.drop();
      return [...results];
    },
    drop: () => kept.drop(),
    close: () => kept.close(),
  };
};

const asResult = (result: PublishResult): PublishResult => result;

const propertiesOf = (message: RabbitMessage, number: number) => ({
  persistent: true,
  mandatory: true,
  contentType: 'application/json',
  ...(message.messageId === null ? {} : { messageId: message.messageId }),
  ...(message.type === null ? {} : { type: message.type }),
  headers: { ...message.headers, [NUMBER_HEADER]: number },
});

const allWithin = async (work: readonly Promise<void>[], deadlineMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs);
  });
  await Promise.race([Promise.all(work), late]);
  clearTimeout(timer);
};
