import { toError } from '@quittance/kernel';
import { until } from '@quittance/local';
import { type ConfirmChannel } from 'amqplib';

import { type BusHarm, onConnection, type Scene, signal } from './bus-harm.ts';
import { handledBefore } from './handled-message.ts';
import { published } from './published.ts';

const POLICY = 'full';
const MESSAGES_MAX = 1;
/** Far more than those who read the queue are given ahead. */
const FILLERS_MAX = 5_000;
const PATIENTLY = { deadlineMs: 60_000, everyMs: 50 } as const;

/**
 * The queue is full while those who read it are held, and the broker refuses whatever is published to it, with a nack.
 * What fills it are copies of one message that its service has handled before: read again, they have no effect.
 */
export const queueFull: BusHarm = {
  what: 'its queue full',
  inflict: async (scene) => {
    const { ground, broker, victim, queue } = scene;
    signal(ground, victim, 'SIGSTOP');
    const limit = JSON.stringify({ 'max-length': MESSAGES_MAX });
    await broker.control('set_policy', POLICY, `^${queue}$`, limit, '--apply-to', 'queues');
    await fill(scene);
    const fullSince = new Date();
    return async () => {
      await until('a message that was refused', () => published(ground, fullSince, victim), {
        ...PATIENTLY,
        enough: (count) => count > 0,
      });
    };
  },
  mend: async ({ ground, broker, victim }) => {
    await broker.control('clear_policy', POLICY);
    signal(ground, victim, 'SIGCONT');
  },
};

/** Until the broker itself says that it is. */
const fill = async ({ ground, broker, victim, queue }: Scene): Promise<void> => {
  const { id, ...rest } = await handledBefore(ground, victim);
  const body = Buffer.from(JSON.stringify({ id, ...rest }));
  await onConnection(broker, async (connection) => {
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    for (let fillers = 0; fillers < FILLERS_MAX; fillers += 1) {
      if ((await sendTo(channel, queue, { id, body })) !== null) return;
    }
    throw new Error(`${queue} has taken ${FILLERS_MAX} messages, and is not full.`);
  });
};

/** What the broker has against it. */
const sendTo = (
  channel: ConfirmChannel,
  queue: string,
  { id, body }: { readonly id: string; readonly body: Buffer },
): Promise<Error | null> =>
  new Promise((resolve) => {
    const properties = { persistent: true, messageId: id, headers: { 'x-attempt': 1 } };
    channel.sendToQueue(queue, body, properties, (refusal: unknown) =>
      resolve(refusal === null || refusal === undefined ? null : toError(refusal)),
    );
  });
