import { platformFail } from '@quittance/kernel';
import { makeLogger } from '@quittance/runtime';
import { expect } from 'chai';

import { type InNumberingQueue } from '../application/ports.ts';
import { makeNumberingTurn } from './numbering-turn.ts';

const lostRace = (): Error => platformFail('platform.version_conflict', 'Number 7 was taken by somebody else.');

describe('makeNumberingTurn', () => {
  let asked: string[];
  let answer: (sql: string) => Promise<void>;
  let inTurn: InNumberingQueue;
  const poolOf = (max: number) => ({
    options: { max },
    connect: () =>
      Promise.resolve({
        query: async (sql: string) => {
          asked.push(sql.startsWith('BEGIN') ? 'turn' : sql);
          await answer(sql);
        },
        release: (destroy?: boolean) => asked.push(destroy === true ? 'closed' : 'released'),
      }),
  });
  const logger = makeLogger({ service: 'invoicing', level: 'silent' });
  beforeEach(() => {
    asked = [];
    answer = () => Promise.resolve();
    inTurn = makeNumberingTurn(poolOf(5), logger);
  });

  /** Fails as often as told, then says what it is. */
  const workThatFails = (failures: readonly Error[], name: string) => {
    const left = [...failures];
    return (): Promise<string> => {
      asked.push(name);
      const failure = left.shift();
      return failure === undefined ? Promise.resolve(name) : Promise.reject(failure);
    };
  };

  it('asks nobody while nobody else numbers', async () => {
    expect(await inTurn(workThatFails([], 'work'))).to.equal('work');
    expect(asked).to.deep.equal(['work']);
  });

  it('does the work of a lost race again, in its turn', async () => {
    expect(await inTurn(workThatFails([lostRace()], 'work'))).to.equal('work');
    expect(asked).to.deep.equal(['work', 'turn', 'work', 'ROLLBACK', 'released']);
  });

  it('takes turns for a while after a lost race, and then no more', async () => {
    await inTurn(workThatFails([lostRace()], 'first'));
    for (let more = 0; more < 99; more += 1) await inTurn(workThatFails([], 'next'));
    expect(asked.filter((what) => what === 'turn')).to.have.length(100);

    asked = [];
    await inTurn(workThatFails([], 'last'));
    expect(asked).to.deep.equal(['last']);
  });

  it('tells a race that is lost in its turn as well, and what failed otherwise at once', async () => {
    const lost = lostRace();
    expect(await inTurn(workThatFails([lostRace(), lost], 'work')).catch((error: unknown) => error)).to.equal(lost);
    expect(asked).to.deep.equal(['work', 'turn', 'work', 'ROLLBACK', 'released']);

    asked = [];
    const other = makeNumberingTurn(poolOf(5), logger);
    const broken = new Error('broken');
    expect(await other(workThatFails([broken], 'work')).catch((error: unknown) => error)).to.equal(broken);
    expect(asked).to.deep.equal(['work']);
  });

  it('goes ahead without a turn that does not come, and closes a connection that cannot give it back', async () => {
    answer = () => Promise.reject(new Error('lock timeout'));
    expect(await inTurn(workThatFails([lostRace()], 'work'))).to.equal('work');
    expect(asked).to.deep.equal(['work', 'turn', 'work', 'ROLLBACK', 'closed']);
  });

  it('takes no turns where the commit would have no connection left', async () => {
    const alone = makeNumberingTurn(poolOf(1), logger);
    const lost = lostRace();
    expect(await alone(workThatFails([lost], 'work')).catch((error: unknown) => error)).to.equal(lost);
    expect(asked).to.deep.equal(['work']);
  });
});
