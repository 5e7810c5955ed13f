import { setTimeout as pause } from 'node:timers/promises';

import { atEnd, waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { onBatch } from '../src/index.ts';
import { anEnvelope, ThingChanged, ThingRemoved } from './messages.ts';
import { makeOwnPostgres, postgresHarness } from './postgres-harness.ts';
import { enterGround, expectConfirmed, type TestGround, watch } from './test-ground.ts';
import { describeTransport } from './transport.contract.ts';

describeTransport(postgresHarness);

describe('a queue of PostgreSQL that nobody waits for', () => {
  it('is taken together what comes within its time', async () => {
    const ground = await enterGround(postgresHarness);
    const transport = await ground.start();
    const taken: { readonly id: string | null; readonly atMs: number }[] = [];
    const subscription = await transport.consume('audit', { prefetch: 10, lingerMs: () => 250 }, ({ messageId }) => {
      taken.push({ id: messageId, atMs: performance.now() });
      return Promise.resolve({ outcome: 'acknowledge' });
    });
    atEnd(() => subscription.stop());
    await pause(400);

    const envelopes = [anEnvelope(), anEnvelope(), anEnvelope()];
    const startedMs = performance.now();
    for (const envelope of envelopes) expectConfirmed(await transport.publish([envelope]));
    await waitFor(() => taken.length === 3, { what: 'three deliveries' });

    expect(taken.map(({ id }) => id)).to.have.members(envelopes.map(({ id }) => id));
    const waitedMs = taken.map(({ atMs }) => atMs - startedMs);
    expect(Math.min(...waitedMs)).to.be.greaterThan(240);
    expect(Math.max(...waitedMs) - Math.min(...waitedMs)).to.be.lessThan(50);
    await ground.end();
  });

  it('is handled as soon as it is taken, also in batches', async () => {
    const ground = await enterGround(postgresHarness);
    const [transport, service] = [await ground.start(), await ground.service()];
    const envelope = anEnvelope();
    expectConfirmed(await transport.publish([envelope]));

    const patient = onBatch(ThingChanged, service.countEffects, { lingerMs: 600_000 });
    const consumer = service.makeConsumer(transport, [patient]);
    await consumer.start();
    ground.later(() => consumer.stop());

    const done = async (): Promise<boolean> => (await service.things()).length === 1;
    await waitFor(done, { what: 'the effect of a message that lay there', deadlineMs: 10_000 });
    expect(await service.things()).to.deep.include({ subject: envelope.id, version: null, state: null, effects: 1 });
    await ground.end();
  });
});

describe('a queue of PostgreSQL that others fill', () => {
  /** Of a transport that the messages are published by, and another one that consumes; milliseconds of each. */
  const waits = async (ground: TestGround, types: readonly string[], lingerMs: (type: string) => number) => {
    const [publisher, consumer] = [await ground.start(), await ground.start()];
    const takenMs = new Map<string | null, number>();
    const subscription = await consumer.consume('audit', { prefetch: 10, lingerMs }, ({ messageId }) => {
      takenMs.set(messageId, performance.now());
      return Promise.resolve({ outcome: 'acknowledge' });
    });
    const waited: number[] = [];
    for (const type of types) {
      // It has looked for the first time; and no multiple of the time after which it looks by itself.
      await pause(70);
      const envelope = anEnvelope({ type });
      const startedMs = performance.now();
      expectConfirmed(await publisher.publish([envelope]));
      await waitFor(() => takenMs.has(envelope.id), { what: 'the delivery' });
      waited.push((takenMs.get(envelope.id) ?? 0) - startedMs);
    }
    await subscription.stop();
    return waited.toSorted((a, b) => a - b);
  };

  it('is looked at when something came, and not only every half a second', async () => {
    const ground = await enterGround(postgresHarness);
    const waited = await waits(
      ground,
      Array.from({ length: 9 }, () => ThingChanged.type),
      () => 0,
    );
    expect(waited[4]).to.be.lessThan(100);
    await ground.end();
  });

  it('is left alone for as long as what came may lie, by its type', async () => {
    const ground = await enterGround(postgresHarness);
    const lingerMs = (type: string): number => (type === ThingRemoved.type ? 200 : 0);
    const patient = await waits(ground, [ThingRemoved.type], lingerMs);
    expect(patient[0]).to.be.greaterThan(190);
    const urgent = await waits(
      ground,
      Array.from({ length: 9 }, () => ThingChanged.type),
      lingerMs,
    );
    expect(urgent[4]).to.be.lessThan(100);
    await ground.end();
  });
});

describe('PostgreSQL that goes down without a word', () => {
  it('has what was confirmed', async () => {
    const server = await makeOwnPostgres();
    atEnd(server.remove);
    const kept: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const ground = await enterGround({ makeGround: server.makeGround });
      const transport = await ground.start();
      const envelope = anEnvelope();
      expectConfirmed(await transport.publish([envelope]));
      await server.crash();
      await ground.end();
      await server.start();
      kept.push(envelope.id);
    }

    const ground = await enterGround({ makeGround: server.makeGround });
    const { received } = await watch(await ground.start(), 'invoicing');
    expect((await received(kept.length)).map(({ messageId }) => messageId)).to.have.members(kept);
    await ground.end();
    await server.remove();
  }).timeout(60_000);
});
