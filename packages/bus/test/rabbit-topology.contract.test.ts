import { rabbitTestUrl, waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { rabbitNames } from '../src/rabbit/plan.ts';
import { anEnvelope, ThingRemoved } from './messages.ts';
import { groundOn, type RabbitGround } from './rabbit-harness.ts';
import { enterGround, expectConfirmed, type TestGround, watch } from './test-ground.ts';

const url = await rabbitTestUrl();

/** What only a broker can do wrong: it confirms what it routes nowhere, or to one consumer of two. */
const describeTopology = (brokerUrl: string): void => {
  describe('the topology on RabbitMQ', () => {
    let broker: RabbitGround;
    let ground: TestGround;
    beforeEach(async () => {
      broker = groundOn(brokerUrl);
      ground = await enterGround({ makeGround: async () => broker });
    });
    afterEach(() => ground.end());

    const removed = () => anEnvelope({ type: ThingRemoved.type, data: { account: 'acc-1' } });

    it('answers an Error when the binding of a queue is gone, and makes it again', async () => {
      const transport = await ground.start();
      const names = rabbitNames(broker.prefix);
      await broker.withChannel((channel) =>
        channel.unbindQueue(names.queueOf('audit'), names.events, ThingRemoved.type),
      );

      const [result] = await transport.publish([removed()]);

      expect(result).to.be.an('error').with.property('message').that.includes('unroutable');
      await waitFor(async () => (await transport.publish([removed()]))[0] === 'confirmed', {
        what: 'the binding to be back',
      });
    });

    it('reaches both consumers of a type while the binding of one of them is gone', async () => {
      const transport = await ground.start();
      const names = rabbitNames(broker.prefix);
      const envelope = anEnvelope();
      await broker.withChannel((channel) =>
        channel.unbindQueue(names.queueOf('invoicing'), names.events, envelope.type),
      );

      expectConfirmed(await transport.publish([envelope]));

      for (const service of ['invoicing', 'audit'] as const) {
        const [delivery] = await (await watch(transport, service)).received(1);
        expect(delivery?.messageId, service).to.equal(envelope.id);
      }
    });

    it('answers an Error while the queue of one consumer of two is missing, and declares it again', async () => {
      const transport = await ground.start();
      await broker.withChannel((channel) => channel.deleteQueue(rabbitNames(broker.prefix).queueOf('invoicing')));
      const envelope = anEnvelope();

      const [result] = await transport.publish([envelope]);
      expect(result).to.be.an('error');

      await waitFor(async () => (await transport.publish([envelope]))[0] === 'confirmed', {
        what: 'the queue to be back',
      });
      const invoicing = await watch(transport, 'invoicing');
      expect((await invoicing.received(1))[0]?.messageId).to.equal(envelope.id);
    });

    it('consumes on when its queue is deleted under it', async () => {
      const transport = await ground.start();
      const invoicing = await watch(transport, 'invoicing');
      expectConfirmed(await transport.publish([anEnvelope()]));
      await invoicing.received(1);

      await broker.withChannel((channel) => channel.deleteQueue(rabbitNames(broker.prefix).queueOf('invoicing')));

      const later = anEnvelope();
      await waitFor(async () => (await transport.publish([later]))[0] === 'confirmed', {
        what: 'the queue to be back',
      });
      await waitFor(() => invoicing.deliveries.some(({ messageId }) => messageId === later.id), { what: 'a delivery' });
    });

    it('answers an Error when a queue refuses the message', async () => {
      const transport = await ground.start();
      const full = `${broker.prefix}full`;
      await broker.withChannel(async (channel) => {
        const limits = { 'x-queue-type': 'quorum', 'x-max-length': 1, 'x-overflow': 'reject-publish' };
        await channel.assertQueue(full, { durable: true, arguments: limits });
        await channel.bindQueue(full, rabbitNames(broker.prefix).events, ThingRemoved.type);
      });
      ground.later(() => broker.withChannel((channel) => channel.deleteQueue(full)));

      // A quorum queue notices that it is full a little after it is.
      await waitFor(async () => (await transport.publish([removed()]))[0] instanceof Error, { what: 'a refusal' });
    });

    it('takes changed retry tiers beside the old ones', async () => {
      await (await ground.start({ retryTiersMs: [40, 80] })).stop();

      const transport = await ground.start({ retryTiersMs: [60, 80] });

      const invoicing = await watch(transport, 'invoicing', ({ attempt }) =>
        attempt === 1 ? { outcome: 'retry', reason: 'once' } : { outcome: 'acknowledge' },
      );
      expectConfirmed(await transport.publish([anEnvelope()]));
      expect((await invoicing.received(2)).map(({ attempt }) => attempt)).to.deep.equal([1, 2]);
    });
  });
};

if (url !== null) describeTopology(url);
