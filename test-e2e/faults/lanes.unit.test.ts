import { expect } from 'chai';

import { countTo, inLanes, inPieces, permutations } from './lanes.ts';

describe('inLanes', () => {
  it('works on every item once, never on more at once than allowed, and keeps their order', async () => {
    let running = 0;
    let most = 0;

    const answers = await inLanes(countTo(20), 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return item * 2;
    });

    expect(answers).to.deep.equal(countTo(20).map((item) => item * 2));
    expect(most).to.equal(3);
  });

  it('fails when one item fails', async () => {
    const work = inLanes([1, 2], 2, (item) => (item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item)));

    expect(await work.catch(String)).to.equal('Error: two');
  });
});

describe('permutations', () => {
  it('are n! different orders of the same items', () => {
    const orders = permutations([1, 2, 3, 4, 5]);

    expect(orders).to.have.length(120);
    expect(new Set(orders.map((order) => order.join())).size).to.equal(120);
    expect(orders.every((order) => new Set(order).size === 5)).to.equal(true);
  });
});

describe('inPieces', () => {
  it('leaves nothing out and makes no empty piece', () => {
    expect(inPieces(countTo(5), 2)).to.deep.equal([[0, 1], [2, 3], [4]]);
    expect(inPieces([], 2)).to.deep.equal([]);
  });
});
