import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { type Envelope } from '@quittance/contracts';
import { must, platformFail } from '@quittance/kernel';
import { requireOperation } from '@quittance/runtime';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { onBatch } from '../src/index.ts';
import { type Harness } from './harness.ts';
import { anEnvelope, nextMessageId, ThingChanged } from './messages.ts';
import { type ServiceFixture } from './service-fixture.ts';
import { enterGround, expectConfirmed, expectQuiet, type TestGround, watch } from './test-ground.ts';

const DEADLINE_MS = 20_000;
const PREFETCH = 100;

const some = (count: number): readonly Envelope[] => Array.from({ length: count }, () => anEnvelope());
const idsOf = (messages: readonly { readonly id: string }[]) => messages.map(({ id }) => id).toSorted();

/** What a consumer may rely on that handles many messages in one commit. */
export const describeBatches = (harness: Harness): void => {
  describe(`a batch consumer over ${harness.name}`, () => {
    let ground: TestGround;
    let service: ServiceFixture;
    beforeEach(async () => {
      ground = await enterGround(harness);
      service = await ground.service();
    });
    afterEach(() => ground.end());

    /** The handler stands still until `gather` has brought everything to hand. */
    const begin = async (handle: (ids: readonly string[]) => Promise<void> = async () => undefined) => {
      const transport = await ground.start();
      const batches: (readonly string[])[] = [];
      let gate = Promise.withResolvers<void>();
      const consumer = service.makeConsumer(
        transport,
        [
          onBatch(ThingChanged, async (messages) => {
            if (messages.every(({ subject }) => subject === 'gate')) await gate.promise;
            else batches.push(idsOf(messages));
            await handle(idsOf(messages));
            await service.countEffects(messages.filter(({ subject }) => subject !== 'gate'));
          }),
        ],
        PREFETCH,
      );
      await consumer.start();
      ground.later(() => consumer.stop());
      await watch(transport, 'audit');
      /** Occupies every batch that may be under way, one after the other, until all of `envelopes` have arrived. */
      const gather = async (envelopes: readonly Envelope[], poison: readonly Buffer[] = []): Promise<void> => {
        gate = Promise.withResolvers<void>();
        for (const count of [1, 2]) {
          expectConfirmed(await transport.publish([anEnvelope({ subject: 'gate' })]));
          await waitFor(() => consumer.inFlight() === count, { what: 'a busy batch', deadlineMs: DEADLINE_MS });
        }
        for (const body of poison) await ground.putBytes('invoicing', { messageId: nextMessageId(), body });
        expectConfirmed(await transport.publish(envelopes));
        const all = 2 + envelopes.length;
        await waitFor(() => consumer.inFlight() === all, { what: 'everything at hand', deadlineMs: DEADLINE_MS });
        batches.length = 0;
        gate.resolve();
        await expectQuiet(transport);
      };
      return { transport, consumer, batches, gather };
    };
    const expectOneEffectOf = async (envelopes: readonly Envelope[]): Promise<void> => {
      const things = await service.things();
      expect(things.map(({ subject }) => subject).toSorted()).to.deep.equal(idsOf(envelopes));
      expect([...new Set(things.map(({ effects }) => effects))]).to.deep.equal([1]);
    };
    const letters = () => service.deadLetters.listWaiting(100);

    it('handles in one commit what arrived while others were under way', async () => {
      const envelopes = some(30);
      const { batches, gather } = await begin();

      await gather(envelopes);

      expect(batches).to.deep.equal([idsOf(envelopes)]);
      await expectOneEffectOf(envelopes);
      expect(await service.handledCount()).to.equal(32);
      expect(await letters()).to.deep.equal([]);
    });

    it('acknowledges a batch that was handled before, and handles of another one what is new', async () => {
      const old = some(10);
      const fresh = some(5);
      const { batches, gather } = await begin();
      await gather(old);

      await gather(old);
      expect(batches).to.deep.equal([]);
      await gather([...old.slice(3), ...fresh]);

      expect(batches).to.deep.equal([idsOf(fresh)]);
      await expectOneEffectOf([...old, ...fresh]);
    });

    it('handles once what is twice in one batch', async () => {
      const envelopes = some(5);
      const { batches, gather } = await begin();

      await gather([...envelopes, ...envelopes, must(envelopes[0], 'an envelope')]);

      expect(batches).to.deep.equal([idsOf(envelopes)]);
      await expectOneEffectOf(envelopes);
    });

    it('buries an invalid message and handles the rest of its batch together', async () => {
      const envelopes = some(10);
      const { batches, gather } = await begin();
      const invalid = { ...anEnvelope(), data: { account: null, state: 'new' } };

      await gather(envelopes, [Buffer.from('{"specversion":'), Buffer.from(JSON.stringify(invalid))]);

      const buried = await waitFor(async () => (await letters()).length === 2 && letters(), { what: 'dead letters' });
      expect(buried.map(({ attempts }) => attempts)).to.deep.equal([1, 1]);
      expect(batches).to.deep.equal([idsOf(envelopes)]);
      await expectOneEffectOf(envelopes);
    });

    it('buries what is refused, after trying the others of its batch one by one', async () => {
      const [refused, ...envelopes] = some(12);
      const { id } = must(refused, 'an envelope');
      const { batches, gather } = await begin(async (ids) => {
        if (ids.includes(id)) throw platformFail('platform.idempotency_key_reused', 'It cannot be.');
      });

      await gather([must(refused, 'an envelope'), ...envelopes]);

      const [letter] = await waitFor(async () => (await letters()).length === 1 && letters(), { what: 'dead letter' });
      expect(letter).to.include({ messageId: id, attempts: 1 });
      expect(batches.map((batch) => batch.length)).to.deep.equal([12, ...Array.from({ length: 12 }, () => 1)]);
      await expectOneEffectOf(envelopes);
    });

    it('delays what fails for a while, and not the others of its batch', async () => {
      const [failing, ...envelopes] = some(12);
      const { id } = must(failing, 'an envelope');
      let failures = 0;
      const { gather } = await begin(async (ids) => {
        // The first attempt is together and then alone, the second alone.
        if (!ids.includes(id) || failures === 3) return;
        failures += 1;
        throw platformFail('platform.unavailable', 'The disk is full.');
      });

      await gather([...envelopes, must(failing, 'an envelope')]);

      await waitFor(async () => (await service.handledCount()) === 14, { what: 'the last attempt' });
      expect(failures).to.equal(3);
      await expectOneEffectOf([must(failing, 'an envelope'), ...envelopes]);
      expect(await letters()).to.deep.equal([]);
    });

    it('marks a batch handled that had nothing to commit', async () => {
      const transport = await ground.start();
      const operations: unknown[] = [];
      const consumer = service.makeConsumer(
        transport,
        [
          onBatch(ThingChanged, async () => {
            const { actor, correlationId } = requireOperation();
            operations.push({ actor, correlationId });
          }),
        ],
        PREFETCH,
      );
      expectConfirmed(await transport.publish(some(10)));
      await watch(transport, 'audit');

      await consumer.start();
      ground.later(() => consumer.stop());
      await expectQuiet(transport);

      expect(await service.handledCount()).to.equal(10);
      expect(operations[0]).to.deep.equal({ actor: { kind: 'system', id: 'invoicing' }, correlationId: null });
    });

    it('lets each message take effect once when two replicas get copies of it', async () => {
      const transport = await ground.start();
      const envelopes = some(60);
      for (let copy = 0; copy < 3; copy += 1) expectConfirmed(await transport.publish(envelopes));
      await watch(transport, 'audit');

      for (const replica of [transport, await ground.start()]) {
        const consumer = service.makeConsumer(replica, [onBatch(ThingChanged, service.countEffects)], 20);
        await consumer.start();
        ground.later(() => consumer.stop());
      }
      await expectQuiet(transport);

      await expectOneEffectOf(envelopes);
    });

    it('does not repeat a batch whose consumer was killed between commit and acknowledgement', async () => {
      const transport = await ground.start();
      const envelopes = some(40);
      expectConfirmed(await transport.publish(envelopes));
      await watch(transport, 'audit');
      const wish = JSON.stringify({ ...ground.child, serviceUrl: service.ownerUrl });
      const child = spawn(process.execPath, [new URL('batch-process.ts', import.meta.url).pathname], {
        env: { ...process.env, BUS_TEST_CHILD: wish },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      await once(child, 'exit');
      expect(child.signalCode).to.equal('SIGKILL');
      const committed = (await service.things()).length;
      expect(committed).to.be.greaterThan(1);

      const consumer = service.makeConsumer(transport, [onBatch(ThingChanged, service.countEffects)], PREFETCH);
      await consumer.start();
      ground.later(() => consumer.stop());
      await expectQuiet(transport);

      await expectOneEffectOf(envelopes);
    }).timeout(40_000);
  });
};
