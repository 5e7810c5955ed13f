import { expect } from 'chai';

import { makeCurrentCatalog } from './current-catalog.ts';

/** A store that counts, at a revision the test moves. */
const given = () => {
  const calls = { revision: 0, load: 0 };
  const world = { revision: 1, nowMs: 0, down: false, stale: 0 };
  const answer = <T>(value: T): Promise<T> => (world.down ? Promise.reject(new Error('down')) : Promise.resolve(value));
  const currentCatalog = makeCurrentCatalog({
    store: {
      revision: () => {
        calls.revision += 1;
        return answer(world.revision);
      },
      load: () => {
        calls.load += 1;
        return answer({ revision: world.revision, products: [] });
      },
    },
    wallClock: { nowMs: () => world.nowMs },
    onStale: () => {
      world.stale += 1;
    },
  });
  return { calls, world, currentCatalog };
};

describe('makeCurrentCatalog', () => {
  it('loads once for all who ask at the start', async () => {
    const { calls, currentCatalog } = given();

    await Promise.all([currentCatalog(), currentCatalog(), currentCatalog()]);

    expect(calls).to.deep.equal({ revision: 0, load: 1 });
  });

  it('asks the database nothing for half a second', async () => {
    const { calls, world, currentCatalog } = given();
    await currentCatalog();

    world.revision = 2;
    world.nowMs = 499;

    expect((await currentCatalog()).revision).to.equal(1);
    expect(calls).to.deep.equal({ revision: 0, load: 1 });
  });

  it('sees a new revision after that, and loads only then', async () => {
    const { calls, world, currentCatalog } = given();
    await currentCatalog();

    world.nowMs = 500;
    await currentCatalog();
    world.revision = 2;
    world.nowMs = 1000;

    expect((await currentCatalog()).revision).to.equal(2);
    expect(calls).to.deep.equal({ revision: 2, load: 2 });
  });

  it('keeps what it knows while the database is down, and says so', async () => {
    const { world, currentCatalog } = given();
    await currentCatalog();

    world.down = true;
    world.nowMs = 500;

    expect((await currentCatalog()).revision).to.equal(1);
    expect(world.stale).to.equal(1);
  });

  it('fails when it never knew anything', async () => {
    const { world, currentCatalog } = given();
    world.down = true;

    const error: unknown = await currentCatalog().catch((caught: unknown) => caught);

    expect(error).to.be.instanceOf(Error);
  });
});
