import { expect } from 'chai';

import { makeClaimFromQueue } from './claim-floor.ts';
import { type ClaimedRow } from './delivery-table.ts';

const row = (id: number, wasDueSeconds: number): ClaimedRow => ({
  id: String(id),
  lease: 'lease',
  messageId: null,
  type: null,
  body: Buffer.alloc(0),
  attempt: 1,
  taken: 1,
  reason: null,
  diedAt: null,
  wasDueSeconds,
});

/** Due rows as the table keeps them, and from where each claim looked. */
const makeTable = (due: ClaimedRow[]) => {
  const looks: number[] = [];
  return {
    due,
    looks,
    claim: async (_queue: string, limit: number, fromSeconds: number) => {
      looks.push(fromSeconds);
      due.sort((a, b) => a.wasDueSeconds - b.wasDueSeconds);
      const first = due.findIndex(({ wasDueSeconds }) => wasDueSeconds >= fromSeconds);
      return first === -1 ? [] : due.splice(first, limit);
    },
  };
};

describe('makeClaimFromQueue', () => {
  it('looks at the whole queue, once, while there is little to take', async () => {
    const table = makeTable([row(1, 100)]);
    const claim = makeClaimFromQueue(table, 'audit');

    const taken = [...(await claim(10)), ...(await claim(10))];

    expect(taken.map(({ id }) => id)).to.deep.equal(['1']);
    expect(table.looks).to.deep.equal([0, 0]);
  });

  it('goes on where it ended while the queue is full', async () => {
    const table = makeTable(Array.from({ length: 30 }, (_, index) => row(index, 100 + index)));
    const claim = makeClaimFromQueue(table, 'audit');

    await claim(10);
    await claim(10);
    await claim(10);

    // Rows 0 to 9, due at 100 to 109 s; the next looks begin 1 ms before the last of them.
    expect(table.looks).to.deep.equal([0, 108.999, 118.999]);
  });

  it('takes what came in behind as soon as there is room', async () => {
    const table = makeTable(Array.from({ length: 15 }, (_, index) => row(index, 100 + index)));
    const claim = makeClaimFromQueue(table, 'audit');
    await claim(10);
    table.due.push(row(99, 50));

    const taken = await claim(10);

    expect(taken.map(({ id }) => id)).to.deep.equal(['10', '11', '12', '13', '14', '99']);
  });

  it('takes what came in behind also while the queue never gets empty', async () => {
    let next = 0;
    const table = makeTable([]);
    const claim = makeClaimFromQueue(table, 'audit');
    const refill = (): void => {
      for (let made = 0; made < 10; made += 1) table.due.push(row((next += 1), 100 + next));
    };
    refill();
    await claim(10);
    table.due.push(row(0, 1));

    const taken: string[] = [];
    for (let claims = 0; claims < 16 && !taken.includes('0'); claims += 1) {
      refill();
      taken.push(...(await claim(10)).map(({ id }) => id));
    }

    expect(taken).to.include('0');
  });
});
