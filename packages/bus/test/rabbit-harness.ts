import { randomBytes } from 'node:crypto';

import { must, Secret } from '@quittance/kernel';
import { canStartOwnRabbit, rabbitTestUrl, startOwnRabbit } from '@quittance/testkit';
import amqp from 'amqplib';

import { makeRabbitTransport } from '../src/index.ts';
import { rabbitNames } from '../src/rabbit/plan.ts';
import { removeRabbitTopology } from '../src/rabbit/remove-rabbit-topology.ts';
import { type Ground, type Harness, type OwnServer, SHORT_TIERS_MS, type TransportWish } from './harness.ts';
import { suiteMessages } from './messages.ts';
import { silent } from './service-fixture.ts';

const makeOwnServer = async (): Promise<OwnServer> => {
  const broker = await startOwnRabbit();
  return {
    makeGround: async () => groundOn(broker.url),
    stop: () => broker.stop(),
    start: () => broker.start(),
    remove: () => broker.remove(),
  };
};

export const rabbitHarness: Harness = {
  name: 'RabbitMQ',
  makeGround: async () => groundOn(must(await rabbitTestUrl(), 'a broker')),
  makeOwnServer: canStartOwnRabbit() ? makeOwnServer : null,
};

export type RabbitGround = Ground & {
  readonly prefix: string;
  withChannel(work: (channel: amqp.Channel) => Promise<unknown>): Promise<void>;
};

export const groundOn = (url: string): RabbitGround => {
  const prefix = `test-${randomBytes(4).toString('hex')}.`;
  const wishes: TransportWish[] = [];
  const withChannel = async (work: (channel: amqp.Channel) => Promise<unknown>): Promise<void> => {
    const connection = await amqp.connect(url);
    const channel = await connection.createChannel();
    await work(channel);
    await channel.close();
    await connection.close();
  };
  return {
    prefix,
    withChannel,
    makeTransport: (wish = {}) => {
      wishes.push(wish);
      const { retryTiersMs = SHORT_TIERS_MS, messages = suiteMessages, proxyPort } = wish;
      const reached = new URL(url);
      if (proxyPort !== undefined) reached.host = `127.0.0.1:${String(proxyPort)}`;
      return makeRabbitTransport({ url: new Secret(reached.href), retryTiersMs, messages, logger: silent, prefix });
    },
    putBytes: (service, { messageId, body }) =>
      withChannel(async (channel) => {
        channel.sendToQueue(rabbitNames(prefix).queueOf(service), body, { persistent: true, messageId });
      }),
    child: { kind: 'rabbit', url, prefix, leaseMs: 0 },
    server: { host: new URL(url).hostname, port: Number(new URL(url).port || 5672) },
    clear: async () => {
      for (const { retryTiersMs = SHORT_TIERS_MS, messages = suiteMessages } of [{}, ...wishes]) {
        await removeRabbitTopology({ url: new Secret(url), retryTiersMs, prefix, messages });
      }
    },
  };
};
