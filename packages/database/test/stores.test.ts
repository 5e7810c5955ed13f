import { must } from '@quittance/kernel';
import { expect } from 'chai';

import {
  type DatabaseDeadLetterStore,
  type DatabaseIdempotencyStore,
  makeDeadLetterStore,
  makeIdempotencyStore,
  makeRowWaiter,
  purgePlatformTables,
} from '../src/index.ts';
import { type Fixture, inOperation, makeFixture, message, silent } from './fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('stores on the platform tables', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await makeFixture();
  });
  after(() => fixture.close());

  describe('idempotency keys', () => {
    const scope = { caller: 'olga', route: 'POST /v1/things', key: 'key-00000001' };
    let store: DatabaseIdempotencyStore;
    beforeEach(async () => {
      store = makeIdempotencyStore({ pool: fixture.database.pool, wallClock: fixture.wallClock });
      await fixture.database.pool.query('TRUNCATE platform.idempotency_keys');
    });

    it('runs one of fifty simultaneous requests', async () => {
      const states = await Promise.all(Array.from({ length: 50 }, (_, n) => store.begin(scope, 'body', `ulid${n}`)));

      expect(states.filter(({ state }) => state === 'run')).to.have.length(1);
      expect(states.filter(({ state }) => state === 'in_progress')).to.have.length(49);
    });

    it('answers again what was answered, field by field in the same order', async () => {
      await store.begin(scope, 'body', 'ulid1');
      await store.saveAnswer(scope, { status: 201, body: { zebra: 1, ant: 2 } });

      const again = await store.begin(scope, 'body', 'ulid2');

      expect(JSON.stringify(again)).to.equal('{"state":"answered","answer":{"status":201,"body":{"zebra":1,"ant":2}}}');
      expect(await store.begin(scope, 'other body', 'ulid3')).to.deep.equal({ state: 'mismatch' });
    });

    it('keeps the reserved id when a run is given up or its lease ends', async () => {
      await store.begin(scope, 'body', 'ulid1');
      await store.release(scope);
      expect(await store.begin(scope, 'body', 'ulid2')).to.deep.equal({ state: 'run', reservedUlid: 'ulid1' });
      fixture.wallClock.advance({ seconds: 4 });
      expect(await store.begin(scope, 'body', 'ulid3')).to.deep.equal({ state: 'in_progress' });
      fixture.wallClock.advance({ seconds: 1 });
      expect(await store.begin(scope, 'body', 'ulid4')).to.deep.equal({ state: 'run', reservedUlid: 'ulid1' });
    });

    it('forgets a key after a day', async () => {
      await store.begin(scope, 'body', 'ulid1');
      await store.saveAnswer(scope, { status: 201, body: {} });
      fixture.wallClock.advance({ hours: 24 });

      expect(await store.begin(scope, 'other', 'ulid2')).to.deep.equal({ state: 'run', reservedUlid: 'ulid2' });
      expect(await store.begin(scope, 'other', 'ulid3')).to.deep.equal({ state: 'in_progress' });
    });
  });

  describe('dead letters', () => {
    let store: DatabaseDeadLetterStore;
    const letter = () => ({
      messageId: 'evt_1',
      type: 'thing.changed.v1',
      body: 'not json \u0000',
      attempts: 5,
      reason: 'always fails',
      diedAt: new Date(fixture.wallClock.nowMs()),
    });
    beforeEach(async () => {
      const { wallClock, newId } = fixture;
      store = makeDeadLetterStore({ pool: fixture.database.pool, newId, wallClock });
      await fixture.database.pool.query('TRUNCATE platform.dead_letters');
    });
    const replay = (read: { readonly id: string; readonly diedAt: Date }) =>
      inOperation(() => fixture.unitOfWork.commit({ writes: [store.markReplayed(read)], messages: [], audit: [] }));
    const waitingOne = async () => must((await store.listWaiting(1))[0], 'a letter');

    it('keeps one letter however often the queue delivers it', async () => {
      await store.store(letter());
      await store.store(letter());

      const waiting = await store.listWaiting(10);
      expect(waiting).to.have.length(1);
      expect(waiting[0]).to.include({ messageId: 'evt_1', attempts: 5, body: 'not json \uFFFD', replayedAt: null });
      expect(await store.find(waiting[0]?.id ?? '')).to.deep.equal(waiting[0]);
    });

    it('is replayed once, and waits again only when it dies again', async () => {
      const first = letter();
      await store.store(first);
      const read = await waitingOne();
      fixture.wallClock.advance({ seconds: 1 });
      await replay(read);

      const second = await replay(read).catch((error: unknown) => error);
      await store.store(first);
      expect(second).to.include({ code: 'platform.version_conflict' });
      expect(await store.listWaiting(10)).to.deep.equal([]);

      fixture.wallClock.advance({ seconds: 1 });
      await store.store(letter());
      expect(await store.listWaiting(10)).to.have.length(1);
    });

    it('waits again when it dies before its replay is marked, also by a clock that is behind', async () => {
      await store.store(letter());
      const read = await waitingOne();

      await store.store({ ...letter(), diedAt: new Date(fixture.wallClock.nowMs() - 600_000), reason: 'again' });
      await replay(read);

      expect(await waitingOne()).to.include({ id: read.id, reason: 'again', replayedAt: null });
    });
  });

  describe('retention', () => {
    it('deletes what was sent and handled long ago, never what is unsent', async () => {
      const { pool } = fixture.database;
      await pool.query('TRUNCATE platform.outbox, platform.inbox');
      await inOperation(() =>
        fixture.unitOfWork.commit({ writes: [], messages: [message('sent'), message('unsent')], audit: [] }),
      );
      await pool.query(`UPDATE platform.outbox SET sent_at = created_at WHERE message_id = 'sent'`);
      await fixture.inbox.markHandledNow('catalog', 'evt_old');
      fixture.wallClock.advance({ days: 91 });
      await fixture.inbox.markHandledNow('catalog', 'evt_new');

      const outcome = await purgePlatformTables({
        pool,
        wallClock: fixture.wallClock,
        outboxKeepMs: 7 * DAY_MS,
        inboxKeepMs: 90 * DAY_MS,
      });

      expect(outcome).to.equal('idle');
      expect(await fixture.rows('SELECT message_id FROM platform.outbox')).to.deep.equal([{ message_id: 'unsent' }]);
      expect(await fixture.rows('SELECT message_id FROM platform.inbox')).to.deep.equal([{ message_id: 'evt_new' }]);
    });
  });

  describe('row waiter', () => {
    const makeWaiter = () =>
      makeRowWaiter({
        url: fixture.url,
        pool: fixture.database.pool,
        applicationName: 'waiter',
        logger: silent,
      });

    it('answers as soon as another process announces the row', async () => {
      const waiter = makeWaiter();
      const other = makeWaiter();
      waiter.start();
      let value: string | null = null;
      let checks = 0;
      const found = waiter.waitFor('thing', 't1', () => Promise.resolve(((checks += 1), value)), 5000);

      value = 'there';
      other.notify('thing', 't1');

      expect(await found).to.equal('there');
      expect(checks).to.be.lessThan(5);
      await waiter.stop();
    });

    it('notices without an announcement, and gives up in time', async () => {
      const waiter = makeWaiter();
      let checks = 0;

      const found = await waiter.waitFor('thing', 't1', () => Promise.resolve((checks += 1) > 1 ? 'late' : null), 5000);
      const nothing = await waiter.waitFor('thing', 't1', () => Promise.resolve(null), 20);

      expect(found).to.equal('late');
      expect(nothing).to.equal(null);
    });

    it('asks for a rescan after its connection broke', async () => {
      const waiter = makeWaiter();
      waiter.start();
      let value: string | null = null;
      const found = waiter.waitFor('thing', 't2', () => Promise.resolve(value), 5000);

      await fixture.database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waiter'`,
      );
      value = 'after the break';

      expect(await found).to.equal('after the break');
      await waiter.stop();
    });
  });
});
