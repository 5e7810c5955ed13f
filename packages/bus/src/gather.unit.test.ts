import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { makeGathering } from './gather.ts';

describe('makeGathering', () => {
  const gateOf = () => Promise.withResolvers<void>();

  it('hands over together what comes in one turn, and what arrives while all batches are under way', async () => {
    const [first, second] = [gateOf(), gateOf()];
    const gates = [first, second];
    const batches: (readonly number[])[] = [];
    const gathering = makeGathering<number, string>(
      async (gathered) => {
        batches.push(gathered.map(({ item }) => item));
        await gates[batches.length - 1]?.promise;
        for (const { item, resolve } of gathered) resolve(`did ${item}`);
      },
      { itemsMax: 3, batchesMax: 2, lingerMs: 0 },
    );
    const turn = () => new Promise((resolve) => setImmediate(resolve));

    const answers = [gathering.add(1), gathering.add(2)];
    await turn();
    answers.push(gathering.add(3));
    await turn();
    answers.push(...[4, 5, 6, 7].map((item) => gathering.add(item)));
    await turn();
    expect(batches).to.deep.equal([[1, 2], [3]]);
    second.resolve();
    first.resolve();

    expect(await Promise.all(answers)).to.deep.equal([1, 2, 3, 4, 5, 6, 7].map((item) => `did ${item}`));
    expect(batches).to.deep.equal([[1, 2], [3], [4, 5, 6], [7]]);
  });

  it('rejects what a handler that throws left open, and goes on', async () => {
    let broken = true;
    const gathering = makeGathering<number, number>(
      async ([first, ...rest]) => {
        first?.resolve(first.item);
        if (broken) throw new Error('broken');
        for (const { item, resolve } of rest) resolve(item);
      },
      { itemsMax: 10, batchesMax: 1, lingerMs: 0 },
    );

    const settled = await Promise.allSettled([gathering.add(1), gathering.add(2)]);
    broken = false;

    expect(settled.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected']);
    expect(await Promise.all([gathering.add(3), gathering.add(4)])).to.deep.equal([3, 4]);
  });

  it('waits for company while nothing is under way, and no longer than it is told', async () => {
    const batches: (readonly number[])[] = [];
    const gathering = makeGathering<number, number>(
      (gathered) => {
        batches.push(gathered.map(({ item }) => item));
        for (const { item, resolve } of gathered) resolve(item);
        return Promise.resolve();
      },
      { itemsMax: 3, batchesMax: 1, lingerMs: 200 },
    );
    const startedMs = performance.now();

    const first = gathering.add(1);
    await pause(5);
    await Promise.all([first, gathering.add(2)]);
    const waitedMs = performance.now() - startedMs;
    await Promise.all([3, 4, 5].map((item) => gathering.add(item)));
    const fullMs = performance.now() - startedMs - waitedMs;

    expect(batches).to.deep.equal([
      [1, 2],
      [3, 4, 5],
    ]);
    expect(waitedMs).to.be.greaterThan(150);
    expect(fullMs).to.be.lessThan(150);
  });
});
