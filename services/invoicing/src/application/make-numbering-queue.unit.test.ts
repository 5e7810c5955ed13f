import { expect } from 'chai';

import { makeNumberingQueue } from './make-numbering-queue.ts';
import { type InNumberingQueue } from './ports.ts';

describe('makeNumberingQueue', () => {
  const noTurns: InNumberingQueue = (work) => work();

  it('runs one at a time, in the order of asking', async () => {
    const steps: string[] = [];
    const inQueue = makeNumberingQueue(noTurns);
    const job = (name: string) => async () => {
      steps.push(`${name} begins`);
      await Promise.resolve();
      steps.push(`${name} ends`);
    };

    await Promise.all(['a', 'b'].map((name) => inQueue(job(name))));

    expect(steps).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('tells a failure to the one who asked, and goes on with the next', async () => {
    const inQueue = makeNumberingQueue(noTurns);

    const results = await Promise.allSettled([
      inQueue(() => Promise.reject(new Error('lost'))),
      inQueue(async () => 'next'),
    ]);

    expect(results.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
  });
});
