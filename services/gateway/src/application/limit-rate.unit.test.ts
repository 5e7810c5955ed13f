import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { makeLimitRate } from './limit-rate.ts';

describe('makeLimitRate', () => {
  let nowMs = 0;
  const limits = { reading: { perSecond: 10, burst: 20 }, writing: { perSecond: 1, burst: 2 } };
  const make = () => makeLimitRate({ limits, wallClock: { nowMs: () => nowMs } });
  /** How often the caller may come now. */
  const allowed = (limit: ReturnType<typeof make>, rateClass: keyof typeof limits, caller: string): number => {
    for (let times = 0; ; times += 1) {
      try {
        limit(rateClass, caller);
      } catch (error) {
        expect(isDomainError(error) && error.code).to.equal('platform.rate_limited');
        return times;
      }
    }
  };
  beforeEach(() => {
    nowMs = 0;
  });

  it('lets a caller come in one go as often as it may, then as often as time allows, by class', () => {
    const limit = make();
    expect(allowed(limit, 'reading', 'a')).to.equal(20);
    expect(allowed(limit, 'writing', 'a')).to.equal(2);
    nowMs = 1000;
    expect(allowed(limit, 'reading', 'a')).to.equal(10);
    expect(allowed(limit, 'writing', 'a')).to.equal(1);
  });

  it('says how long to wait', () => {
    const limit = make();
    allowed(limit, 'writing', 'a');
    expect(() => limit('writing', 'a'))
      .to.throw()
      .with.nested.property('details.retryAfterSeconds', 1);
  });

  it('forgets nobody, whoever else comes, before all that was taken has come back', () => {
    const limit = make();
    allowed(limit, 'writing', 'a');
    for (nowMs = 100; nowMs < 1000; nowMs += 100) limit('writing', `other ${nowMs}`);
    expect(allowed(limit, 'writing', 'a')).to.equal(1);
    nowMs = 1999;
    limit('writing', 'another');
    expect(allowed(limit, 'writing', 'a')).to.equal(0);
    nowMs = 10_000;
    limit('writing', 'yet another');
    expect(allowed(limit, 'writing', 'a')).to.equal(2);
  });
});
