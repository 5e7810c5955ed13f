import { setImmediate } from 'node:timers/promises';

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

  describe('a place taken for an item that is about to be made', () => {
    const NOBODY = async (): Promise<void> => undefined;

    it('is one of the ten, until it is given up or its work is done', async () => {
      const rows = makeRows(0);
      const loop = start(rows, NOBODY);
      const places = Array.from({ length: 10 }, () => loop.takePlace());
      const slow = Promise.withResolvers<void>();

      expect(places).not.to.include(null);
      expect(loop.takePlace()).to.equal(null);
      places[0]?.giveUp();
      places[1]?.begin({ id: 'made' }, () => slow.promise);
      await setImmediate();
      const free = loop.takePlace();
      expect([free === null, loop.takePlace()]).to.deep.equal([false, null]);
      slow.resolve();
      await setImmediate();
      const last = loop.takePlace();

      expect(last).not.to.equal(null);
      for (const place of [last, free, ...places.slice(2)]) place?.giveUp();
      await loop.stop();
    });

    it('leaves no room for a claim while all are taken', async () => {
      const rows = makeRows(5);
      const loop = start(rows, NOBODY);
      const places = Array.from({ length: 10 }, () => loop.takePlace());
      loop.wake();
      await setImmediate();
      await setImmediate();

      expect(rows.due).to.have.length(5);
      for (const place of places) place?.giveUp();
      await loop.stop();
    });

    it('is claimed for the length of a lease, and what fails in it is given back', async () => {
      const givenBack: string[] = [];
      const loop = start(makeRows(0), NOBODY, async ({ id }) => void givenBack.push(id));
      const place = loop.takePlace();

      expect(Number(place?.claimedUntil) - Date.now()).to.be.within(900, 1000);
      place?.begin({ id: 'made' }, async () => {
        throw new Error('no answer');
      });
      await loop.stop();

      expect(givenBack).to.deep.equal(['made']);
    });

    it('is waited for when the loop stops, after which there is none', async () => {
      const loop = start(makeRows(0), NOBODY);
      const place = loop.takePlace();
      let stopped = false;
      const stopping = loop.stop().then(() => (stopped = true));
      await setImmediate();

      expect([stopped, loop.takePlace()]).to.deep.equal([false, null]);
      place?.giveUp();
      await stopping;
    });
  });
});
