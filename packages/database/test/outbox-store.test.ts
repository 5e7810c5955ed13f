import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { type DatabaseOutboxStore, makeOutboxStore } from '../src/index.ts';
import { type Fixture, inOperation, makeFixture, message, silent } from './fixture.ts';

const LONG_MS = 60_000;

describe('outbox store', () => {
  let fixture: Fixture;
  let never: AbortController;
  before(async () => {
    fixture = await makeFixture();
  });
  after(() => fixture.close());
  beforeEach(async () => {
    never = new AbortController();
    await fixture.database.pool.query('TRUNCATE platform.outbox');
  });

  const makeStore = (applicationName: string): DatabaseOutboxStore<unknown> =>
    makeOutboxStore({
      url: fixture.url,
      applicationName,
      parseEnvelope: (stored) => stored,
      wallClock: fixture.wallClock,
      logger: silent,
    });
  const send = (...ids: string[]) =>
    inOperation(() => fixture.unitOfWork.commit({ writes: [], messages: ids.map((id) => message(id)), audit: [] }));
  const terminate = (applicationName: string) =>
    fixture.database.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
      applicationName,
    ]);

  it('reads what is unsent, oldest first, until it is marked', async () => {
    await send('a', 'b', 'c');
    const leader = await makeStore('reader').lead(never.signal);

    const first = await leader.readUnsent(2);
    await leader.markSent(first.map((row) => row.position));
    const second = await leader.readUnsent(10);

    expect(first.map((row) => row.envelope)).to.have.nested.property('[1].id', 'b');
    expect(second).to.have.length(1);
    expect(second[0]?.envelope).to.include({ id: 'c' });
    await leader.release();
  });

  it('lets a standby lead within milliseconds of the leader’s connection breaking', async () => {
    const leader = await makeStore('leader').lead(never.signal);
    let tookOver = false;
    const standby = makeStore('standby')
      .lead(never.signal)
      .then((leadership) => {
        tookOver = true;
        return leadership;
      });
    await waitFor(
      async () => (await fixture.rows(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)).length > 0,
      { what: 'the standby to wait for the lock' },
    );
    expect(tookOver).to.equal(false);

    const startedAt = performance.now();
    await terminate('leader');
    await leader.lost;
    const successor = await standby;

    expect(performance.now() - startedAt).to.be.lessThan(1000);
    expect(await leader.readUnsent(1).catch((error: unknown) => error)).to.include({ code: 'platform.unavailable' });
    await successor.release();
  });

  it('wakes the leader when something is committed anywhere', async () => {
    const leader = await makeStore('woken').lead(never.signal);
    await leader.readUnsent(10);

    const waiting = leader.waitForWork(LONG_MS, never.signal);
    await send('a');
    await waiting;

    expect(await leader.readUnsent(10)).to.have.length(1);
    await leader.release();
  });

  it('does not miss what was announced between reading and waiting', async () => {
    const leader = await makeStore('missed').lead(never.signal);
    await leader.readUnsent(10);
    await fixture.database.pool.query('NOTIFY outbox');
    await waitFor(async () => (await leader.readUnsent(1)).length === 0, { what: 'a round trip' });
    await fixture.database.pool.query('NOTIFY outbox');

    await leader.waitForWork(LONG_MS, never.signal);

    await leader.release();
  });

  it('stops waiting when asked to, with the lock or for it', async () => {
    const leader = await makeStore('stopped').lead(never.signal);
    const stop = new AbortController();
    const standby = makeStore('abandoned').lead(stop.signal);
    const waiting = leader.waitForWork(LONG_MS, stop.signal);

    stop.abort();
    await waiting;
    const error = await standby.catch((thrown: unknown) => thrown);

    expect(error).to.have.property('name', 'AbortError');
    await leader.release();
    await leader.lost;
  });
});
