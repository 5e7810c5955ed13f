import { type Channel } from 'amqplib';

import { type RabbitPlan } from './plan.ts';

/** Makes what is missing, then asks for every queue by name: only what answered may be published to. */
export const declarePlan = async (channel: Channel, plan: RabbitPlan): Promise<void> => {
  for (const { name, type } of plan.exchanges) await channel.assertExchange(name, type, { durable: true });
  for (const { name, arguments: queueArguments } of plan.queues) {
    await channel.assertQueue(name, { durable: true, arguments: queueArguments });
  }
  for (const { exchange, queue, key } of plan.bindings) await channel.bindQueue(queue, exchange, key);
  for (const { name } of plan.queues) await channel.checkQueue(name);
};

/** What one consumer needs: its queues and their bindings, should somebody have deleted them under it. */
export const planOf = (plan: RabbitPlan, queues: readonly string[]): RabbitPlan => ({
  exchanges: plan.exchanges.filter(({ type }) => type === 'topic'),
  queues: plan.queues.filter(({ name }) => queues.includes(name)),
  bindings: plan.bindings.filter(({ queue }) => queues.includes(queue)),
});
