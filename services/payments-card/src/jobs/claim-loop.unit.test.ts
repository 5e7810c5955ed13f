import { makeLogger } from '@quittance/runtime';
import { expect } from 'chai';

import { makeClaimLoop } from './claim-loop.ts';

const logger = makeLogger({ service: 'claim-loop-test', level: 'silent' });

/** Due rows by number; a claim takes the first ones, as the table does. */
const makeRows = (count: number) => {
  const due = Array.from({ length: count }, (_, index) => ({ id: String(index) }));
  const limits: number[] = [];
  return {
    limits,
    due,
    claim: async ({ limit }: { readonly limit: number }) => {
      limits.push(limit);
      return due.splice(0, limit);
    },
  };
};

describe('makeClaimLoop', () => {
  const start = (
    rows: ReturnType<typeof makeRows>,
    work: (item: { readonly id: string }) => Promise<void>,
    putBack: (item: { readonly id: string }) => Promise<void> = async () => undefined,
  ) => {
    const wallClock = { nowMs: () => Date.now() };
    const timing = { intervalMs: 60_000, leaseMs: 1000, wallClock };
    const loop = makeClaimLoop({ name: 'test', ...timing, logger, claim: rows.claim, work, putBack });
    loop.start();
    return loop;
  };

  it('works on all others while one waits, never on more than ten, and waits for that one when stopped', async () => {
    const rows = makeRows(25);
    const slow = Promise.withResolvers<void>();
    const others = Promise.withResolvers<void>();
    const worked: string[] = [];
    let atOnce = 0;
    let atOnceMax = 0;
    const loop = start(rows, async ({ id }) => {
      atOnce += 1;
      atOnceMax = Math.max(atOnceMax, atOnce);
      await (id === '0' ? slow.promise : Promise.resolve());
      atOnce -= 1;
      worked.push(id);
      if (worked.length === 24) others.resolve();
    });

    await others.promise;
    expect(worked).not.to.include('0');
    expect(loop.busy()).to.equal(true);
    slow.resolve();
    await loop.stop();

    expect(worked).to.have.length(25);
    expect(atOnceMax).to.equal(10);
    expect(Math.max(...rows.limits)).to.equal(10);
  });

  it('gives back what failed, and goes on although even that fails', async () => {
    const rows = makeRows(12);
    const givenBack: string[] = [];
    const all = Promise.withResolvers<void>();
    const loop = start(
      rows,
      async () => {
        throw new Error('no answer');
      },
      async ({ id }) => {
        givenBack.push(id);
        if (givenBack.length === 12) all.resolve();
        throw new Error('no database');
      },
    );

    await all.promise;
    await loop.stop();

    expect(givenBack).to.have.length(12);
  });
});
