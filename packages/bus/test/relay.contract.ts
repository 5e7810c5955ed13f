import { type Envelope, RecordAction } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { type Relay, type Transport } from '../src/index.ts';
import { type Harness } from './harness.ts';
import { anEnvelope } from './messages.ts';
import { type ServiceFixture } from './service-fixture.ts';
import { enterGround, type TestGround, watch } from './test-ground.ts';

/** With the ids of all that was published. */
const recorded = (transport: Transport): { readonly transport: Transport; readonly sent: string[] } => {
  const sent: string[] = [];
  const publish: Transport['publish'] = (envelopes) => {
    sent.push(...envelopes.map(({ id }) => id));
    return transport.publish(envelopes);
  };
  return { transport: { ...transport, publish }, sent };
};

/** From the outbox of a real database to the bus. */
export const describeRelay = (harness: Harness): void => {
  describe(`the relay over ${harness.name}`, () => {
    let ground: TestGround;
    let service: ServiceFixture;
    beforeEach(async () => {
      ground = await enterGround(harness);
      service = await ground.service();
    });
    afterEach(() => ground.end());

    const startRelay = (transport: Transport, applicationName?: string): Relay => {
      const relay = service.makeRelay(transport, applicationName);
      relay.start();
      ground.later(() => relay.stop());
      return relay;
    };
    const everythingSent = () =>
      waitFor(async () => (await service.unsentCount()) === 0, { what: 'an empty outbox', deadlineMs: 15_000 });

    it('sends what was committed, in order, marks it sent and then rests', async () => {
      const { transport, sent } = recorded(await ground.start());
      const relay = startRelay(transport);
      const envelopes = Array.from({ length: 1_200 }, () => anEnvelope());

      await service.addToOutbox(envelopes);
      relay.handOver(null);
      expect(relay.idle()).to.equal(false);
      await everythingSent();

      expect(sent).to.deep.equal(envelopes.map(({ id }) => id));
      await waitFor(() => relay.idle(), { what: 'the relay to rest' });
      const { ready } = await transport.backlog();
      expect(ready).to.equal(2 * envelopes.length);
    });

    it('sends once what it was handed over, however much it reads meanwhile', async () => {
      const { transport, sent } = recorded(await ground.start());
      const relay = startRelay(transport);
      await service.addToOutbox([anEnvelope()]);
      await everythingSent();
      sent.length = 0;
      const envelopes = Array.from({ length: 200 }, () => anEnvelope());

      const lane = async (mine: readonly Envelope[]): Promise<void> => {
        for (const envelope of mine) {
          const rows = await service.addToOutbox([envelope]);
          expect(relay.handOver(rows)).to.equal(true);
          expect(relay.idle()).to.equal(false);
          // As another process does with each of its commits.
          await service.pool.query("SELECT pg_notify('outbox', '')");
        }
      };
      await Promise.all([lane(envelopes.slice(0, 100)), lane(envelopes.slice(100))]);
      await everythingSent();
      await waitFor(() => relay.idle(), { what: 'the relay to rest' });

      expect(sent.toSorted()).to.deep.equal(envelopes.map(({ id }) => id).toSorted());
    });

    it('sends later what it was handed over and could not send', async () => {
      const transport = await ground.start();
      let refusals = 0;
      const relay = startRelay({
        ...transport,
        publish: (envelopes) => {
          refusals += 1;
          return refusals > 1
            ? transport.publish(envelopes)
            : Promise.resolve(envelopes.map(() => new Error('nacked')));
        },
      });
      const invoicing = await watch(transport, 'invoicing');
      await waitFor(() => relay.idle(), { what: 'the relay to rest' });

      const envelope = anEnvelope();
      relay.handOver(await service.addToOutbox([envelope]));

      await everythingSent();
      await invoicing.received(1);
      expect(invoicing.deliveries.map(({ messageId }) => messageId)).to.deep.equal([envelope.id]);
    });

    it('leaves to the leader what it is handed over while it stands by', async () => {
      const leading = startRelay(await ground.start(), 'relay-one');
      await service.addToOutbox([anEnvelope()]);
      await everythingSent();
      const { transport, sent } = recorded(await ground.start());
      const standby = startRelay(transport, 'relay-two');

      const rows = await service.addToOutbox([anEnvelope()]);
      expect(standby.handOver(rows)).to.equal(false);

      await everythingSent();
      await waitFor(() => leading.idle(), { what: 'the leader to rest' });
      expect(sent).to.deep.equal([]);
    });

    it('sends before it stops what it was handed over last', async () => {
      const { transport, sent } = recorded(await ground.start());
      const relay = startRelay(transport);
      await service.addToOutbox([anEnvelope()]);
      await everythingSent();

      const last = anEnvelope({ type: RecordAction.type });
      relay.handOver(await service.addToOutbox([last]));
      await relay.stop();

      expect(sent.at(-1)).to.equal(last.id);
      expect(await service.unsentCount()).to.equal(0);
    });

    it('leaves unsent what was not confirmed, and sends it later', async () => {
      const transport = await ground.start();
      const refusals = new Map<string, number>();
      const stubborn = anEnvelope();
      const moody: Transport = {
        ...transport,
        publish: async (envelopes) => {
          const results = await transport.publish(
            envelopes.filter(({ id }) => id !== stubborn.id || (refusals.get(id) ?? 0) >= 2),
          );
          const rest = [...results];
          return envelopes.map(({ id }) => {
            const refused = refusals.get(id) ?? 0;
            if (id !== stubborn.id || refused >= 2) return must(rest.shift(), 'a result');
            refusals.set(id, refused + 1);
            return new Error('nacked');
          });
        },
      };
      const invoicing = await watch(transport, 'invoicing');
      const other = anEnvelope();
      await service.addToOutbox([stubborn, other]);

      startRelay(moody);
      await invoicing.received(1);
      expect(invoicing.deliveries.map(({ messageId }) => messageId)).to.deep.equal([other.id]);
      await everythingSent();

      await invoicing.received(2);
      expect(invoicing.deliveries.map(({ messageId }) => messageId)).to.deep.equal([other.id, stubborn.id]);
    });

    it('is taken over when the leader loses its connection; nothing is lost', async () => {
      const invoicing = await watch(await ground.start(), 'invoicing');
      const leaders: string[] = [];
      for (const name of ['relay-one', 'relay-two']) {
        const transport = await ground.start();
        startRelay(
          {
            ...transport,
            publish: (envelopes) => {
              leaders.push(name);
              return transport.publish(envelopes);
            },
          },
          name,
        );
      }
      const envelopes = Array.from({ length: 60 }, () => anEnvelope());

      await service.addToOutbox(envelopes.slice(0, 30));
      await everythingSent();
      const leader = must(leaders[0], 'a leader');
      await service.addToOutbox(envelopes.slice(30, 45));
      await service.endRelayConnection(leader);
      await service.addToOutbox(envelopes.slice(45));
      await everythingSent();

      const ids = (): ReadonlySet<string | null> => new Set(invoicing.deliveries.map(({ messageId }) => messageId));
      await waitFor(() => ids().size === envelopes.length, { what: 'all 60 messages' });
      expect(new Set(leaders)).to.deep.equal(new Set(['relay-one', 'relay-two']));
    });

    it('hands leadership on when it stops', async () => {
      const invoicing = await watch(await ground.start(), 'invoicing');
      const first = startRelay(await ground.start(), 'relay-one');
      await service.addToOutbox([anEnvelope()]);
      await invoicing.received(1);
      startRelay(await ground.start(), 'relay-two');

      await first.stop();
      await service.addToOutbox([anEnvelope()]);

      await invoicing.received(2);
    });
  });
};
