import { expect } from 'chai';

import {
  guarded,
  insertRows,
  lostRace,
  selectFrom,
  type Statement,
  statementWrite,
  updateRow,
  write,
} from '../src/index.ts';
import { type Fixture, inOperation, makeFixture, message } from './fixture.ts';

const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

/** Code beside data: sends the same statements one by one, inside Prisma's transaction. */
const CODE = write(async () => undefined);

describe('statements of a commit', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await makeFixture();
    await fixture.database.pool.query(
      'CREATE TABLE pieces (id text PRIMARY KEY, made_at timestamptz, amount_minor bigint, raw bytea, facts jsonb, list jsonb, "interval" text)',
    );
  });
  after(() => fixture.close());
  beforeEach(() => fixture.database.pool.query('TRUNCATE things, pieces, platform.outbox, platform.inbox'));

  const add = (id: string): Statement => insertRows('things', [{ id, version: 1n }]);
  const things = () => fixture.rows<{ id: string; version: string }>('SELECT id, version FROM things ORDER BY id');

  for (const [way, also] of [
    ['together, in one round trip', []],
    ['one by one, beside code', [CODE]],
  ] as const) {
    context(way, () => {
      const commit = (...statements: readonly Statement[]) =>
        inOperation(() =>
          fixture.unitOfWork.commit({
            writes: [statementWrite(...statements), ...also],
            messages: [message('told')],
            audit: [],
          }),
        );

      it('writes what was read, in every type of column', async () => {
        const row = {
          id: 'a',
          madeAt: new Date('2026-03-02T09:00:00.123Z'),
          amountMinor: 9_007_199_254_740_993n,
          raw: Buffer.from([0, 255]),
          facts: { tags: ['x', 'ü'] },
          list: [{ key: 'x' }],
          interval: 'month',
        };
        const fields = Object.fromEntries(Object.keys(row).map((name) => [name, name]));

        await commit(insertRows('pieces', [row, { ...row, id: 'b', list: [] }]));

        const read = await fixture.database.read((ask) =>
          Promise.all([
            ask(selectFrom<typeof row>({ table: 'pieces', fields }, 'WHERE t.id = $1', ['a'])),
            ask(selectFrom<typeof row>({ table: 'pieces', fields }, 'ORDER BY t.id', [])),
          ]),
        );
        expect(read).to.deep.equal([[row], [row, { ...row, id: 'b', list: [] }]]);
      });

      it('undoes all of them when a guarded one finds nothing, and names the row', async () => {
        await commit(add('a'));

        const error = await rejection(
          commit(add('b'), updateRow('things', { set: { version: 2n }, where: { id: 'a', version: 7 } }, 'Thing a')),
        );

        expect(error).to.include({ code: 'platform.version_conflict' });
        expect(error).to.have.property('message').that.includes('Thing a');
        expect(await things()).to.deep.equal([{ id: 'a', version: '1' }]);
        expect(await fixture.rows('SELECT 1 FROM platform.outbox')).to.have.length(1);
      });

      it('throws what the first that failed throws, and works again with the next commit', async () => {
        const taken = guarded(
          insertRows('things', [{ id: 'a', version: 1n }], 'ON CONFLICT DO NOTHING'),
          lostRace('A'),
        );
        const wrong = { text: 'INSERT INTO no_such_table VALUES ($1)', values: ['x'] };
        await commit(add('a'));

        expect(await rejection(commit(taken, wrong))).to.include({ code: 'platform.version_conflict' });
        expect(await rejection(commit(wrong, taken)))
          .to.have.property('message')
          .that.includes('no_such_table');
        await commit(add('b'));

        expect((await things()).map(({ id }) => id)).to.deep.equal(['a', 'b']);
      });

      it('lets one of two that race for a version through', async () => {
        await commit(add('a'));
        const next = updateRow('things', { set: { version: 2n }, where: { id: 'a', version: 1n } }, 'Thing a');

        const outcomes = await Promise.allSettled([commit(next), commit(next), commit(next)]);

        expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      });

      it('answers a cut connection as unavailable, and what was not committed is gone', async () => {
        const cut = { text: 'SELECT pg_terminate_backend(pg_backend_pid())', values: [] };

        const error = await rejection(commit(add('lost'), cut));
        await commit(add('kept'));

        expect(error).to.include({ code: 'platform.unavailable' });
        expect((await things()).map(({ id }) => id)).to.deep.equal(['kept']);
      });
    });
  }

  it('refuses at COMMIT what only the commit can see', async () => {
    await fixture.database.pool.query(
      'CREATE TABLE parts (id text PRIMARY KEY, whole text REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)',
    );
    const orphan = insertRows('parts', [{ id: 'p', whole: 'nobody' }]);

    const error = await rejection(fixture.database.transact([orphan, add('a')]));

    await fixture.database.pool.query('DROP TABLE parts');
    expect(error).to.have.property('message').that.includes('foreign key');
    expect(await things()).to.deep.equal([]);
  });
});
