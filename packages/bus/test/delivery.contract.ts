import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { MESSAGE_BYTES_MAX } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { type Harness, SHORT_TIERS_MS } from './harness.ts';
import { anEnvelope, ThingRemoved } from './messages.ts';
import { enterGround, expectConfirmed, expectQuiet, type TestGround, watch } from './test-ground.ts';

const startConsumerProcess = (ground: TestGround) => {
  const env = { ...process.env, BUS_TEST_CHILD: JSON.stringify(ground.child) };
  const child = spawn(process.execPath, [new URL('consumer-process.ts', import.meta.url).pathname], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  ground.later(kill);
  const lines = createInterface(must(child.stdout, 'output'));
  return { firstDelivery: once(lines, 'line').then(([line]): unknown => JSON.parse(String(line))), kill };
};

/** What every transport promises about one message. */
export const describeDelivery = (harness: Harness): void => {
  describe(`messages over ${harness.name}`, () => {
    let ground: TestGround;
    beforeEach(async () => {
      ground = await enterGround(harness);
    });
    afterEach(() => ground.end());

    it('confirms what then reaches every consumer once', async () => {
      const transport = await ground.start();
      const invoicing = await watch(transport, 'invoicing');
      const audit = await watch(transport, 'audit');
      const envelopes = Array.from({ length: 50 }, () => anEnvelope());

      expectConfirmed(await transport.publish(envelopes));

      const ids = envelopes.map((envelope) => envelope.id).toSorted();
      for (const consumer of [invoicing, audit]) {
        const received = await consumer.received(envelopes.length);
        expect(received.map((delivery) => String(delivery.messageId)).toSorted()).to.deep.equal(ids);
        expect(received.every((delivery) => delivery.attempt === 1)).to.equal(true);
      }
      await expectQuiet(transport);
      expect(invoicing.deliveries).to.have.length(envelopes.length);
      expect(
        JSON.parse(String(invoicing.deliveries.find(({ messageId }) => messageId === envelopes[0]?.id)?.body)),
      ).to.deep.equal(envelopes[0]);
    });

    it('keeps what was confirmed while nobody consumed', async () => {
      const publisher = await ground.start();
      const envelope = anEnvelope();
      expectConfirmed(await publisher.publish([envelope]));
      expect((await publisher.backlog()).ready).to.equal(2);
      await publisher.stop();

      const later = await watch(await ground.start(), 'invoicing');

      expect((await later.received(1))[0]).to.include({ messageId: envelope.id, type: envelope.type, attempt: 1 });
    });

    it('answers an Error, not a confirm, for what nobody receives and for what is too large', async () => {
      const transport = await ground.start();
      const audit = await watch(transport, 'audit');
      const good = anEnvelope({ type: ThingRemoved.type, data: { account: 'acc-1' } });
      const foreign = anEnvelope({ type: 'nobody.listens.v1' });
      const large = anEnvelope({ data: { account: 'acc-1', state: 'x'.repeat(MESSAGE_BYTES_MAX) } });

      const results = await transport.publish([foreign, good, large]);

      expect(results[0]).to.be.an('error').with.property('message').that.includes('unroutable');
      expect(results[1]).to.equal('confirmed');
      expect(results[2]).to.be.an('error').with.property('message').that.includes('bytes');
      expect((await audit.received(1))[0]?.messageId).to.equal(good.id);
      await expectQuiet(transport);
    });

    it('declares at once from several processes, and again', async () => {
      const transports = [ground.makeTransport(), ground.makeTransport(), ground.makeTransport()];
      for (const transport of transports) ground.later(() => transport.stop());

      await Promise.all(transports.map((transport) => transport.start()));
      await Promise.all(transports.flatMap((transport) => [transport.declare(), transport.declare()]));

      const [first, second] = transports;
      const invoicing = await watch(must(second, 'a transport'), 'invoicing');
      expectConfirmed(await must(first, 'a transport').publish([anEnvelope()]));
      await invoicing.received(1);
      await must(first, 'a transport').ping();
    });

    it('delivers again, with the same attempt, what a killed consumer had not answered', async () => {
      const transport = await ground.start();
      const child = startConsumerProcess(ground);
      const envelope = anEnvelope();
      expectConfirmed(await transport.publish([envelope]));
      expect(await child.firstDelivery).to.deep.equal({ messageId: envelope.id, attempt: 1 });

      await child.kill();
      const invoicing = await watch(transport, 'invoicing');

      expect((await invoicing.received(1))[0]).to.include({ messageId: envelope.id, attempt: 1 });
    });

    it('retries with the attempt number, each after the delay of its tier', async () => {
      const tiersMs = [50, 200, 400];
      const transport = await ground.start({ retryTiersMs: tiersMs });
      expect(transport.attemptsMax).to.equal(4);
      const invoicing = await watch(transport, 'invoicing', ({ attempt }) =>
        attempt < 4 ? { outcome: 'retry', reason: 'not yet' } : { outcome: 'acknowledge' },
      );
      await watch(transport, 'audit');

      expectConfirmed(await transport.publish([anEnvelope()]));
      await invoicing.received(4);

      const { deliveries } = invoicing;
      expect(deliveries.map(({ attempt }) => attempt)).to.deep.equal([1, 2, 3, 4]);
      const pausesMs = deliveries.slice(1).map(({ atMs }, index) => atMs - must(deliveries[index], 'earlier').atMs);
      pausesMs.forEach((pauseMs, index) => {
        const tierMs = must(tiersMs[index], 'tier');
        expect(pauseMs, `tier ${String(tierMs)} ms`).to.be.within(tierMs - 5, tierMs + 1_000);
      });
      expect(invoicing.letters).to.deep.equal([]);
      await expectQuiet(transport);
    });

    it('counts a delayed message as delayed', async () => {
      const transport = await ground.start({ retryTiersMs: [60_000] });
      const invoicing = await watch(transport, 'invoicing', () => ({ outcome: 'retry', reason: 'later' }));
      const audit = await watch(transport, 'audit');

      expectConfirmed(await transport.publish([anEnvelope()]));
      await Promise.all([invoicing.received(1), audit.received(1)]);

      // The other consumer's acknowledgement may still be on its way.
      const onlyDelayed = async (): Promise<boolean> => {
        const { ready, delayed, inFlight } = await transport.backlog();
        return ready === 0 && delayed === 1 && inFlight === 0;
      };
      await waitFor(onlyDelayed, { what: 'one delayed message and nothing else' });
      expect(invoicing.deliveries).to.have.lengthOf(1);
    });

    it('keeps a dead letter with its bytes, attempts and reason, and puts it back as attempt 1', async () => {
      const transport = await ground.start({ retryTiersMs: SHORT_TIERS_MS });
      let fixed = false;
      const invoicing = await watch(transport, 'invoicing', ({ attempt }) => {
        if (fixed) return { outcome: 'acknowledge' };
        return attempt < transport.attemptsMax
          ? { outcome: 'retry', reason: 'not yet' }
          : { outcome: 'dead_letter', reason: 'gave up' };
      });
      const envelope = anEnvelope();
      expectConfirmed(await transport.publish([envelope]));
      const letter = must((await invoicing.buried(1))[0], 'a dead letter');
      expect(letter).to.include({ messageId: envelope.id, type: envelope.type, attempts: 3, reason: 'gave up' });
      expect(JSON.parse(letter.body)).to.deep.equal(envelope);
      expect(Math.abs(Date.now() - letter.diedAt.getTime())).to.be.below(60_000);

      fixed = true;
      await transport.redeliver('invoicing', letter);

      expect((await invoicing.received(4))[3]).to.include({ messageId: envelope.id, attempt: 1 });
      expect(invoicing.letters).to.have.length(1);
    });

    it('keeps a dead letter until it is stored', async () => {
      const transport = await ground.start();
      await transport.consume('invoicing', { prefetch: 1 }, async () => ({ outcome: 'dead_letter', reason: 'no' }));
      const stored: string[] = [];
      let failures = 0;
      await transport.drainDeadLetters('invoicing', async ({ messageId }) => {
        if (failures === 0) {
          failures += 1;
          throw new Error('the database is away');
        }
        stored.push(messageId);
      });
      const envelope = anEnvelope();

      expectConfirmed(await transport.publish([envelope]));

      await waitFor(() => stored.length > 0, { what: 'the dead letter to be stored' });
      expect(stored).to.deep.equal([envelope.id]);
    });

    it('leaves a delivery on its queue when whoever handles it throws', async () => {
      const transport = await ground.start();
      let thrown = 0;
      const invoicing = await watch(transport, 'invoicing', () => {
        if (thrown > 0) return { outcome: 'acknowledge' };
        thrown += 1;
        throw new Error('the handler broke');
      });

      expectConfirmed(await transport.publish([anEnvelope()]));

      expect((await invoicing.received(2)).map(({ attempt }) => attempt)).to.deep.equal([1, 1]);
    });

    it('finishes what it is handling before it stops, and takes nothing new', async () => {
      const transport = await ground.start();
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const invoicing = await watch(transport, 'invoicing', async () => {
        await gate;
        return { outcome: 'acknowledge' };
      });
      expectConfirmed(await transport.publish([anEnvelope()]));
      await invoicing.received(1);

      const stopped = transport.stop();
      open();
      await stopped;

      const next = await ground.start();
      const nothing = await watch(next, 'invoicing');
      await watch(next, 'audit');
      await expectQuiet(next);
      expect(nothing.deliveries).to.deep.equal([]);
    });
  });
};
