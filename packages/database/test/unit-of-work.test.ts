import { AssertionFailed, DomainError } from '@quittance/kernel';
import { runInOperation } from '@quittance/runtime';
import { expect } from 'chai';

import { hasSqlState, nextVersion, versionedUpdate, write } from '../src/index.ts';
import { type Fixture, inOperation, makeFixture, message, operation } from './fixture.ts';

const addThing = (id: string) =>
  write(async (transaction) => {
    await transaction.$executeRawUnsafe('INSERT INTO things (id, version) VALUES ($1, 1)', id);
  });

const refuse = (error: Error) =>
  write(async () => {
    throw error;
  });

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

const auditEntry = { action: 'thing.added', subject: { type: 'thing', id: 'thing_1' }, accountId: null } as const;

describe('unit of work', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await makeFixture();
  });
  after(() => fixture.close());
  beforeEach(async () => {
    await fixture.database.pool.query('TRUNCATE things, platform.outbox, platform.inbox');
    fixture.committed.length = 0;
  });

  it('saves rows, messages and audit records together, in order', async () => {
    await inOperation(() =>
      fixture.unitOfWork.commit({
        writes: [addThing('thing_1')],
        messages: [message('first'), message('second')],
        audit: [{ ...auditEntry, after: { name: 'a' } }],
        correlationId: 'chk_1',
      }),
    );

    const outbox = await fixture.rows<{ message_id: string; envelope: Record<string, unknown> }>(
      'SELECT message_id, envelope FROM platform.outbox ORDER BY position',
    );
    expect(await fixture.rows('SELECT id FROM things')).to.deep.equal([{ id: 'thing_1' }]);
    expect(outbox.map((row) => row.envelope['type'])).to.deep.equal([
      'thing.changed.v1',
      'thing.changed.v1',
      'audit.record-action',
    ]);
    expect(outbox[0]?.envelope).to.deep.equal({
      specversion: '1.0',
      id: 'first',
      source: 'catalog',
      type: 'thing.changed.v1',
      subject: 'thing_1',
      time: '2026-03-02T09:00:00.000Z',
      datacontenttype: 'application/json',
      correlationid: 'chk_1',
      causationid: 'req_1',
      actorkind: 'operator',
      actorid: 'olga',
      version: 1,
      data: { name: 'Ünïcode' },
    });
    expect(outbox[2]?.envelope['data']).to.deep.include({
      recordId: outbox[2]?.message_id,
      action: 'thing.added',
      result: 'succeeded',
      reason: null,
      sourceIp: '192.0.2.7',
      count: 1,
      payload: { after: { name: 'a' } },
    });
    // Code among the writes, and then nobody is told where the messages lie.
    expect(fixture.committed).to.deep.equal([null]);
  });

  it('tells what it put into the outbox, and where', async () => {
    await inOperation(() =>
      fixture.unitOfWork.commit({ writes: [], messages: [message('first'), message('second')], audit: [auditEntry] }),
    );
    await inOperation(() =>
      fixture.unitOfWork.commit({ writes: [], messages: [message('second'), message('third')], audit: [] }),
    );
    await inOperation(() => fixture.unitOfWork.commit({ writes: [], messages: [message('third')], audit: [] }));

    const outbox = await fixture.rows('SELECT position::text, envelope FROM platform.outbox ORDER BY position');
    expect(outbox).to.have.length(4);
    expect(fixture.committed).to.deep.equal([outbox.slice(0, 3), outbox.slice(3)]);
  });

  it('saves nothing when the last write fails, and throws what it threw', async () => {
    const refusal = new DomainError({ code: 'things.full', kind: 'refused' }, 'no room');

    const error = await rejection(
      inOperation(() =>
        fixture.unitOfWork.commit({
          writes: [addThing('thing_1'), refuse(refusal)],
          messages: [message('first')],
          audit: [auditEntry],
        }),
      ),
    );

    expect(error).to.equal(refusal);
    expect(await fixture.rows('SELECT id FROM things')).to.deep.equal([]);
    expect(await fixture.rows('SELECT 1 FROM platform.outbox')).to.deep.equal([]);
    expect(fixture.committed).to.deep.equal([]);
  });

  it('carries the enlisted writes, and gives them back when it fails', async () => {
    const delivery = operation({ enlisted: [addThing('enlisted')] });
    const change = { writes: [refuse(new Error('once'))], messages: [], audit: [] };

    await rejection(runInOperation(delivery, () => fixture.unitOfWork.commit(change)));
    await runInOperation(delivery, () => fixture.unitOfWork.commit({ ...change, writes: [] }));

    expect(await fixture.rows('SELECT id FROM things')).to.deep.equal([{ id: 'enlisted' }]);
    expect(delivery.enlisted).to.deep.equal([]);
  });

  it('undoes the effect of a message that was handled before', async () => {
    const deliver = (thing: string) =>
      inOperation(() => fixture.unitOfWork.commit({ writes: [addThing(thing)], messages: [], audit: [] }), {
        enlisted: [fixture.inbox.markHandled('catalog', 'evt_1')],
      });
    await deliver('first');

    const error = await rejection(deliver('second'));

    expect(error).to.include({ code: 'platform.duplicate_delivery' });
    expect(await fixture.rows('SELECT id FROM things')).to.deep.equal([{ id: 'first' }]);
    expect(await fixture.inbox.wasHandled('catalog', 'evt_1')).to.equal(true);
    expect(await fixture.inbox.wasHandled('invoicing', 'evt_1')).to.equal(false);
  });

  it('lets exactly one of two simultaneous deliveries through', async () => {
    const deliver = (thing: string) =>
      inOperation(() => fixture.unitOfWork.commit({ writes: [addThing(thing)], messages: [], audit: [] }), {
        enlisted: [fixture.inbox.markHandled('catalog', 'evt_2')],
      });

    const results = await Promise.allSettled([deliver('a'), deliver('b'), deliver('c')]);

    expect(results.filter((result) => result.status === 'fulfilled')).to.have.length(1);
    expect(await fixture.rows('SELECT id FROM things')).to.have.length(1);
  });

  it('refuses a second commit of one delivery', async () => {
    const nothing = { writes: [], messages: [], audit: [] };

    const error = await rejection(
      inOperation(
        async () => {
          await fixture.unitOfWork.commit(nothing);
          await fixture.unitOfWork.commit(nothing);
        },
        { enlisted: [fixture.inbox.markHandled('catalog', 'evt_3')] },
      ),
    );

    expect(error).to.be.instanceOf(AssertionFailed);
  });

  it('keeps the first of two commands with one id', async () => {
    const send = () =>
      inOperation(() => fixture.unitOfWork.commit({ writes: [], messages: [message('chk_1:open')], audit: [] }));

    await send();
    await send();

    expect(await fixture.rows('SELECT message_id FROM platform.outbox')).to.deep.equal([{ message_id: 'chk_1:open' }]);
  });

  it('answers a lost race as a version conflict', async () => {
    const update = (thing: string, version: number) =>
      write((transaction) =>
        versionedUpdate(
          transaction.$executeRawUnsafe('UPDATE things SET version = 2 WHERE id = $1 AND version = $2', thing, version),
          `Thing ${thing}`,
        ),
      );
    await fixture.database.pool.query(`INSERT INTO things VALUES ('thing_1', 1)`);
    const commit = (...writes: ReturnType<typeof write>[]) =>
      rejection(inOperation(() => fixture.unitOfWork.commit({ writes, messages: [], audit: [] })));

    expect(await commit(update('thing_1', 1))).to.equal(null);
    expect(await commit(update('thing_1', 1))).to.include({ code: 'platform.version_conflict', kind: 'conflict' });
    const duplicate = await commit(addThing('thing_1'));

    expect(duplicate).to.include({ code: 'platform.version_conflict' });
    expect(hasSqlState(duplicate, '23505')).to.equal(true);
  });

  it('answers a broken connection as unavailable, and works again with the next commit', async () => {
    const cut = write(async (transaction) => {
      await transaction.$queryRawUnsafe('SELECT pg_terminate_backend(pg_backend_pid())');
    });

    const error = await rejection(
      inOperation(() => fixture.unitOfWork.commit({ writes: [addThing('lost'), cut], messages: [], audit: [] })),
    );
    await inOperation(() => fixture.unitOfWork.commit({ writes: [addThing('kept')], messages: [], audit: [] }));

    expect(error).to.include({ code: 'platform.unavailable', kind: 'unavailable' });
    expect(await fixture.rows('SELECT id FROM things')).to.deep.equal([{ id: 'kept' }]);
  });

  it('fails the commit of a message that the bus could not carry', async () => {
    const tooLarge = { ...message('large'), data: { text: 'x'.repeat(70_000) } };

    const error = await rejection(
      inOperation(() => fixture.unitOfWork.commit({ writes: [addThing('a')], messages: [tooLarge], audit: [] })),
    );

    expect(error).to.be.instanceOf(AssertionFailed);
    expect(await fixture.rows('SELECT id FROM things')).to.deep.equal([]);
  });

  it('marks republished snapshots as replayed', async () => {
    await inOperation(() => fixture.unitOfWork.republish([message('snapshot')]));

    const outbox = await fixture.rows<{ replayed: boolean }>(
      `SELECT (envelope->>'replayed')::boolean AS replayed FROM platform.outbox`,
    );
    expect(outbox).to.deep.equal([{ replayed: true }]);
  });
});

describe('nextVersion', () => {
  it('is the wall clock, or one more than the last when the clock is behind', () => {
    expect(nextVersion(0, 1000)).to.equal(1000);
    expect(nextVersion(1000, 1000)).to.equal(1001);
    expect(nextVersion(5000, 1000)).to.equal(5001);
  });
});
