import { expect } from 'chai';

import { oneWalkAtATime } from './one-walk-at-a-time.ts';
import { type Verification } from './verify-chain.ts';

const verification = (checked: number): Verification => ({
  verdict: { head: { sequence: 0, hash: '' }, checked, problem: null },
  unsealed: 0,
  verifiedAt: new Date(0),
});

describe('oneWalkAtATime', () => {
  /** A walk that ends when told, and answers how many began before it. */
  const walks = () => {
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const verify = oneWalkAtATime(async (from) => {
      begun.push(from);
      const place = begun.length;
      await new Promise<void>((resolve) => {
        ends.push(resolve);
      });
      return verification(place);
    });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { verify, begun, end: (place: number) => ends[place]?.(), settle };
  };

  it('lets one walk, and those who come meanwhile share the next', async () => {
    const { verify, begun, end, settle } = walks();

    const first = verify(1);
    await settle();
    const [second, third] = [verify(1), verify(1)];
    await settle();
    expect(begun).to.deep.equal([1]);
    end(0);
    await settle();
    end(1);

    const answers = await Promise.all([first, second, third]);
    expect(answers.map(({ verdict }) => verdict.checked)).to.deep.equal([1, 2, 2]);
  });

  it('turns away who would have to wait behind two others', async () => {
    const { verify, begun, end, settle } = walks();

    const first = verify(1);
    await settle();
    const waiting = [2, 3].map((from) => verify(from));
    const refused = await verify(4).catch((error: unknown) => error);

    expect(refused).to.include({ code: 'platform.rate_limited' });
    for (let place = 0; place < 3; place += 1) {
      end(place);
      await settle();
    }
    await Promise.all([first, ...waiting]);
    expect(begun).to.deep.equal([1, 2, 3]);
  });

  it('goes on after a walk that failed', async () => {
    let calls = 0;
    const verify = oneWalkAtATime(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve(verification(calls));
    });

    const failed = await verify(1).catch((error: unknown) => error);

    expect(failed).to.be.instanceOf(Error);
    expect((await verify(1)).verdict.checked).to.equal(2);
  });
});
