import { must, platformFail } from '@quittance/kernel';
import { requireOperation } from '@quittance/runtime';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { on, replayDeadLetter } from '../src/index.ts';
import { type Harness } from './harness.ts';
import { anEnvelope, nextMessageId, ThingChanged, ThingChangedForMore } from './messages.ts';
import { type ServiceFixture } from './service-fixture.ts';
import { enterGround, expectConfirmed, expectQuiet, type TestGround, watch } from './test-ground.ts';

const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

const waitForLetters = (service: ServiceFixture, count: number) =>
  waitFor(
    async () => {
      const letters = await service.deadLetters.listWaiting(100);
      return letters.length >= count && letters;
    },
    { what: `${String(count)} stored dead letters`, deadlineMs: 10_000 },
  );

/** Every consumer's cases, and those of the whole bus: order, repetition, poison, failure, replay. */
export const describeHandling = (harness: Harness): void => {
  describe(`a consumer over ${harness.name}`, () => {
    let ground: TestGround;
    let service: ServiceFixture;
    beforeEach(async () => {
      ground = await enterGround(harness);
      service = await ground.service();
    });
    afterEach(() => ground.end());

    const begin = async (...bindings: Parameters<ServiceFixture['makeConsumer']>[1]) => {
      const transport = await ground.start();
      const consumer = service.makeConsumer(transport, bindings);
      await consumer.start();
      ground.later(() => consumer.stop());
      await watch(transport, 'audit');
      return { transport, consumer };
    };
    const handled = (count: number) =>
      waitFor(async () => (await service.handledCount()) >= count, {
        what: `${String(count)} handled messages`,
        deadlineMs: 20_000,
      });

    it('ends in the same state after every order of a five-message history', async () => {
      const states = ['draft', 'open', 'paid', 'refunded', 'closed'];
      const orders = permutations([0, 1, 2, 3, 4]);
      expect(orders).to.have.length(120);
      const { transport } = await begin(service.applyNewest);
      const histories = orders.map((order, number) =>
        order.map((step) =>
          anEnvelope({
            subject: `thing-${String(number)}`,
            version: step + 1,
            data: { account: 'acc-1', state: must(states[step], 'state') },
          }),
        ),
      );

      for (let step = 0; step < 5; step += 1) {
        expectConfirmed(await transport.publish(histories.map((history) => must(history[step], 'message'))));
      }
      await handled(600);

      const things = await service.things();
      expect(things).to.have.length(120);
      expect([...new Set(things.map(({ version, state }) => `${version} ${state}`))]).to.deep.equal(['5 closed']);
      await expectQuiet(transport);
    }).timeout(40_000);

    it('handles a message once, however often it is delivered', async () => {
      let runs = 0;
      const { transport } = await begin(
        on(ThingChanged, (message) => {
          runs += 1;
          return service.commit(async (client) => {
            await client.query(
              'INSERT INTO thing (subject, state) VALUES ($1, $2) ON CONFLICT (subject) DO UPDATE SET effects = thing.effects + 1',
              [message.subject, message.data.state],
            );
          });
        }),
      );
      const envelope = anEnvelope();

      expectConfirmed(await transport.publish([envelope, envelope, envelope, envelope, envelope]));
      await handled(1);
      expectConfirmed(await transport.publish([envelope]));
      await expectQuiet(transport);

      expect((await service.things()).map(({ effects }) => effects)).to.deep.equal([1]);
      expect(runs).to.be.at.least(1);
      expect(await service.handledCount()).to.equal(1);
    });

    it('runs a handler in the operation of its message, and marks it handled when there was nothing to commit', async () => {
      const operations: unknown[] = [];
      const { transport } = await begin(
        on(ThingChanged, async () => {
          const { enlisted, ...operation } = requireOperation();
          operations.push({ ...operation, enlisted: enlisted.length });
        }),
      );
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const envelope = anEnvelope({ actorkind: 'customer', actorid: 'usr-1', traceparent });

      expectConfirmed(await transport.publish([envelope]));
      await handled(1);

      expect(operations).to.deep.equal([
        {
          id: envelope.id,
          about: envelope.type,
          actor: { kind: 'customer', id: 'usr-1' },
          correlationId: envelope.correlationid,
          requestId: null,
          sourceIp: null,
          traceparent,
          enlisted: 1,
        },
      ]);
    });

    it('buries poison at once and goes on with the rest', async () => {
      const { transport } = await begin(service.applyNewest);
      const valid = anEnvelope();
      const poison: readonly (readonly [string, Buffer])[] = [
        ['bad JSON', Buffer.from('{"specversion":')],
        ['not UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
        ['wrong type', Buffer.from(JSON.stringify({ ...valid, type: 'thing.exploded.v1' }))],
        ['newer schema', Buffer.from(JSON.stringify({ ...valid, type: 'thing.changed.v2' }))],
        ['missing fields', Buffer.from(JSON.stringify({ type: ThingChanged.type, data: {} }))],
        ['null account', Buffer.from(JSON.stringify({ ...valid, data: { account: null, state: 'new' } }))],
        ['not a producer', Buffer.from(JSON.stringify({ ...valid, source: 'gateway' }))],
        ['10 MB', Buffer.alloc(10 * 1024 * 1024, 0x20)],
      ];

      for (const [messageId, body] of poison) await ground.putBytes('invoicing', { messageId, body });
      expectConfirmed(await transport.publish([valid]));

      await handled(1);
      const letters = await waitForLetters(service, poison.length);
      expect(letters.map(({ messageId }) => messageId).toSorted()).to.deep.equal(
        poison.map(([name]) => name).toSorted(),
      );
      expect(letters.map(({ attempts }) => attempts)).to.deep.equal(poison.map(() => 1));
      expect(letters.every(({ reason }) => reason.length > 0)).to.equal(true);
      await expectQuiet(transport);
    });

    it('handles what failed for a while', async () => {
      let failures = 0;
      const { transport } = await begin(
        on(ThingChanged, async () => {
          if (failures >= 2) return;
          failures += 1;
          throw platformFail('platform.unavailable', 'The provider does not answer.');
        }),
      );

      expectConfirmed(await transport.publish([anEnvelope()]));
      await handled(1);

      expect(failures).to.equal(2);
      expect(await service.deadLetters.listWaiting(10)).to.deep.equal([]);
    });

    it('buries what always fails after its last attempt, and handles it once it is replayed', async () => {
      let broken = true;
      let runs = 0;
      const { transport } = await begin(
        on(ThingChanged, async () => {
          runs += 1;
          if (broken) throw new Error('a bug of ours');
        }),
      );
      const envelope = anEnvelope();
      expectConfirmed(await transport.publish([envelope]));
      const letter = must((await waitForLetters(service, 1))[0], 'a dead letter');
      expect(letter).to.include({ messageId: envelope.id, attempts: 3 });
      expect(letter.reason).to.include('a bug of ours');
      expect(runs).to.equal(3);

      broken = false;
      const deps = { service: 'invoicing', transport, deadLetters: service.deadLetters } as const;
      const replayed = await replayDeadLetter(deps, letter.id);
      await service.runWrite(replayed.markReplayed);

      await handled(1);
      expect(runs).to.equal(4);
      expect(await service.deadLetters.listWaiting(10)).to.deep.equal([]);
      const again = await replayDeadLetter(deps, letter.id).catch((thrown: unknown) => thrown);
      expect(again).to.have.property('code', 'platform.version_conflict');
    });

    it('buries a refusal at once, and tries a version conflict again at once', async () => {
      const runs = new Map<string, number>();
      const { transport } = await begin(
        on(ThingChanged, async ({ subject }) => {
          const run = (runs.get(subject) ?? 0) + 1;
          runs.set(subject, run);
          if (subject === 'refused') throw platformFail('platform.idempotency_key_reused', 'It cannot be.');
          if (run <= 3) throw platformFail('platform.version_conflict', 'Somebody was faster.');
        }),
      );

      expectConfirmed(
        await transport.publish([anEnvelope({ subject: 'refused' }), anEnvelope({ subject: 'contended' })]),
      );

      const [letter] = await waitForLetters(service, 1);
      await handled(1);
      expect(letter).to.include({ attempts: 1 });
      expect(Object.fromEntries(runs)).to.deep.equal({ refused: 1, contended: 4 });
    });

    it('needs no queue for a service that consumes nothing', async () => {
      const consumer = service.makeConsumer(await ground.start({ messages: [] }), []);

      await consumer.start();
      await consumer.stop();

      expect(consumer.inFlight()).to.equal(0);
    });

    it('brings a late consumer up to date by republishing', async () => {
      const { transport } = await begin(service.applyNewest);
      const history = ['draft', 'open', 'paid'].map((state, index) =>
        anEnvelope({ version: index + 1, data: { account: 'acc-1', state } }),
      );
      expectConfirmed(await transport.publish(history));
      await handled(3);
      const before = await service.things();

      const grown = await ground.start({ messages: [ThingChangedForMore] });
      const analytics = await watch(grown, 'analytics');
      const snapshot = { ...must(history[2], 'newest'), id: nextMessageId(), replayed: true } as const;
      expectConfirmed(await grown.publish([snapshot]));

      expect(JSON.parse(String((await analytics.received(1))[0]?.body))).to.include({ version: 3, replayed: true });
      await handled(4);
      expect(await service.things()).to.deep.equal(before);
    });
  });
};
