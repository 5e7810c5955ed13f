import { expect } from 'chai';

import { takeToken, type TokenBucket } from './token-bucket.ts';

const limit = { perSecond: 2, burst: 4 };

const takeMany = (count: number, nowMs: number, from: TokenBucket | null = null) => {
  let bucket = from;
  const waits: number[] = [];
  for (let taken = 0; taken < count; taken += 1) {
    const next = takeToken(bucket, limit, nowMs);
    bucket = next.bucket;
    waits.push(next.waitMs);
  }
  return { bucket, waits };
};

describe('takeToken', () => {
  it('lets a burst through and then says how long to wait', () => {
    // 4 tokens, then none; the next is there in 1 ÷ 2 s.
    expect(takeMany(5, 1000).waits).to.deep.equal([0, 0, 0, 0, 500]);
  });

  it('fills up again with time, never above the burst', () => {
    const { bucket } = takeMany(4, 1000);

    expect(takeMany(2, 1500, bucket).waits).to.deep.equal([0, 500]);
    expect(takeMany(5, 100_000, bucket).waits).to.deep.equal([0, 0, 0, 0, 500]);
  });

  it('neither fills nor empties when the clock goes back', () => {
    const { bucket } = takeMany(3, 10_000);

    expect(takeMany(2, 1000, bucket).waits).to.deep.equal([0, 500]);
  });
});
