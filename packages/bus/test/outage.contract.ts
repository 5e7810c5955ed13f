import { makeTcpProxy, type TcpProxy, waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { type Harness, type OwnServer } from './harness.ts';
import { anEnvelope } from './messages.ts';
import { enterGround, expectConfirmed, type TestGround, watch } from './test-ground.ts';

/** What happens when the server, or the way to it, does not work. */
export const describeOutages = (harness: Harness): void => {
  describe(`${harness.name} behind a bad line`, () => {
    let ground: TestGround;
    let proxy: TcpProxy;
    beforeEach(async () => {
      ground = await enterGround(harness);
      proxy = await makeTcpProxy(ground.server);
      ground.later(() => proxy.close());
    });
    afterEach(() => ground.end());

    it('gives up a confirm that does not come within its deadline, and publishes again afterwards', async () => {
      const healthy = await ground.start();
      const invoicing = await watch(healthy, 'invoicing');
      const transport = await ground.start({ proxyPort: proxy.port });
      const envelope = anEnvelope();

      proxy.freeze();
      const startedMs = performance.now();
      const [result] = await transport.publish([envelope]);

      expect(result).to.be.an('error');
      expect(performance.now() - startedMs).to.be.within(1_000, 7_000);
      proxy.thaw();
      await waitFor(async () => (await transport.publish([envelope]))[0] === 'confirmed', {
        what: 'a confirm after the freeze',
        deadlineMs: 20_000,
      });
      await invoicing.received(1);
      expect(new Set(invoicing.deliveries.map(({ messageId }) => messageId))).to.deep.equal(new Set([envelope.id]));
    }).timeout(45_000);

    it('comes back after a cut, for publishing and consuming', async () => {
      const transport = await ground.start({ proxyPort: proxy.port });
      const invoicing = await watch(transport, 'invoicing');
      const before = anEnvelope();
      const after = anEnvelope();
      expectConfirmed(await transport.publish([before]));
      await invoicing.received(1);

      proxy.cut();
      await waitFor(async () => (await transport.publish([after]))[0] === 'confirmed', {
        what: 'a confirm after the cut',
      });

      await waitFor(() => invoicing.deliveries.some(({ messageId }) => messageId === after.id), {
        what: 'the message after the cut',
        deadlineMs: 10_000,
      });
    });
  });

  const { makeOwnServer } = harness;
  if (makeOwnServer === null) {
    process.stdout.write(`Left out: ${harness.name} restarted in the middle (its programs are not installed here).\n`);
    return;
  }
  describe(`${harness.name} restarted in the middle`, () => {
    let server: OwnServer;
    before(async function startServer() {
      this.timeout(60_000);
      server = await makeOwnServer();
    });
    after(async function removeServer() {
      this.timeout(30_000);
      await server.remove();
    });

    it('loses nothing that was confirmed, and goes on by itself', async () => {
      const ground = await enterGround(server);
      try {
        const service = await ground.service();
        const transport = await ground.start();
        const consumer = service.makeConsumer(transport, [service.applyNewest]);
        await consumer.start();
        ground.later(() => consumer.stop());
        const relay = service.makeRelay(transport);
        relay.start();
        ground.later(() => relay.stop());
        const envelopes = Array.from({ length: 400 }, (_, index) => anEnvelope({ subject: `thing-${String(index)}` }));
        await service.addToOutbox(envelopes.slice(0, 200));
        await waitFor(async () => (await service.handledCount()) >= 20, { what: 'the first messages' });

        await server.stop();
        await service.addToOutbox(envelopes.slice(200));
        await server.start();

        const everything = async (): Promise<boolean> => (await service.handledCount()) === envelopes.length;
        await waitFor(everything, { what: 'all 400 messages', deadlineMs: 60_000 });
        expect((await service.things()).map(({ effects }) => effects)).to.deep.equal(envelopes.map(() => 1));
        await waitFor(async () => (await service.unsentCount()) === 0, { what: 'an empty outbox', deadlineMs: 20_000 });
      } finally {
        await ground.end();
      }
    }).timeout(150_000);
  });
};
