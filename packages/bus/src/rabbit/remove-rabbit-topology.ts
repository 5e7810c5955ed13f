import { allMessages, type MessageDefinition } from '@quittance/contracts';
import { type Secret } from '@quittance/kernel';
import amqp from 'amqplib';

import { makeTopology } from '../topology.ts';
import { rabbitNames, rabbitPlan } from './plan.ts';

/**
 * Removes every queue and exchange of one installation from the broker, with all that waits in them. For private
 * copies that leave nothing behind, and for starting over.
 */
export const removeRabbitTopology = async (installation: {
  readonly url: Secret;
  readonly retryTiersMs: readonly number[];
  readonly prefix: string;
  readonly messages?: readonly MessageDefinition[];
}): Promise<void> => {
  const { url, retryTiersMs, prefix, messages = allMessages } = installation;
  const plan = rabbitPlan(makeTopology(messages), { names: rabbitNames(prefix), retryTiersMs });
  const connection = await amqp.connect(url.reveal());
  try {
    const channel = await connection.createChannel();
    for (const { name } of plan.queues) await channel.deleteQueue(name);
    for (const { name } of plan.exchanges) await channel.deleteExchange(name);
    await channel.close();
  } finally {
    await connection.close();
  }
};
