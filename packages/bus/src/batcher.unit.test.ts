import { expect } from 'chai';

import { makeBatcher } from './batcher.ts';

describe('makeBatcher', () => {
  it('writes together what is asked for while a batch is being written', async () => {
    const batches: (readonly number[])[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const batcher = makeBatcher<number>(async (items) => {
      batches.push(items);
      await gate;
    }, 3);

    const first = batcher.add([1]);
    await Promise.resolve();
    await Promise.resolve();
    const others = [batcher.add([2]), batcher.add([3, 4]), batcher.add([5])];
    open();
    await Promise.all([first, ...others]);

    expect(batches).to.deep.equal([[1], [2, 3, 4], [5]]);
  });

  it('writes what is larger than a batch alone', async () => {
    const batches: (readonly number[])[] = [];
    const batcher = makeBatcher<number>(async (items) => {
      batches.push(items);
    }, 2);

    await Promise.all([batcher.add([1, 2, 3]), batcher.add([4])]);

    expect(batches).to.deep.equal([[1, 2, 3], [4]]);
  });

  it('fails whoever was in a batch that failed, and goes on', async () => {
    let failures = 1;
    const batcher = makeBatcher<number>(async () => {
      failures -= 1;
      if (failures === 0) throw new Error('disk full');
    }, 10);

    const results = await Promise.allSettled([batcher.add([1]), batcher.add([2])]);
    await batcher.add([3]);

    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
  });
});
