import { toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type Channel, type RecoveringChannelModel } from 'amqplib';

import { withDeadline } from '../deadline.ts';
import { keepChannel } from './keep-channel.ts';

/** Questions to the broker on a channel of their own: the answer "there is none" closes the channel it was asked on. */
export interface QueueChecks {
  readonly ready: Promise<void>;
  /** Messages waiting in each queue. Throws when one is missing or nothing answers within 5 s. */
  count(queues: readonly string[]): Promise<readonly number[]>;
  /** Null when all of them are there. */
  missing(queues: readonly string[]): Promise<Error | null>;
  close(): Promise<void>;
}

const ANSWER_MAX_MS = 5_000;

export const makeQueueChecks = (connection: RecoveringChannelModel, logger: Logger): QueueChecks => {
  const kept = keepChannel<Channel>({
    create: () => connection.createChannel(),
    setUp: () => Promise.resolve(),
    logger,
  });
  const count = async (queues: readonly string[]): Promise<readonly number[]> => {
    const channel = kept.current();
    if (channel === null) throw new Error('the broker is not connected');
    const answers = Promise.all(queues.map((queue) => channel.checkQueue(queue)));
    return (await withDeadline(answers, ANSWER_MAX_MS)).map((answer) => answer.messageCount);
  };
  return {
    ready: kept.ready,
    count,
    missing: (queues) => count(queues).then(() => null, toError),
    close: () => kept.close(),
  };
};
