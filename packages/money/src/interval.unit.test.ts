import { expect } from 'chai';
import fc from 'fast-check';

import { cycleOf, intervalOf, isInterval } from './index.ts';

describe('intervals', () => {
  for (const [interval, unit, count] of [
    ['month', 'month', 1],
    ['year', 'year', 1],
    ['P1D', 'day', 1],
    ['P90D', 'day', 90],
    ['P1W', 'week', 1],
    ['P6W', 'week', 6],
    ['P3M', 'month', 3],
    ['P12M', 'month', 12],
    ['P2Y', 'year', 2],
    ['P10Y', 'year', 10],
    ['P3660D', 'day', 3660],
  ] as const) {
    it(`${interval} is every ${String(count)} ${unit}s`, () => {
      expect(isInterval(interval)).to.equal(true);
      expect(cycleOf(interval)).to.deep.equal({ unit, count });
      expect(intervalOf({ unit, count })).to.equal(interval);
    });
  }

  for (const text of [
    'P1M',
    'P1Y',
    'P0D',
    'P-1D',
    'P01D',
    'P1.5M',
    'P11Y',
    'P121M',
    'P3661D',
    'P1MT1H',
    'p3m',
    'PT3M',
  ]) {
    it(`${text} is not one`, () => expect(isInterval(text)).to.equal(false));
  }

  it('has one way to write every cycle', () => {
    const cycles = fc.record({
      unit: fc.constantFrom('day', 'week', 'month', 'year'),
      count: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(cycles, (cycle) => {
        expect(cycleOf(intervalOf(cycle))).to.deep.equal(cycle);
      }),
    );
  });

  it('refuses to write a cycle that no price may have', () => {
    expect(() => intervalOf({ unit: 'year', count: 11 })).to.throw('every 11 years');
    expect(() => intervalOf({ unit: 'month', count: 0 })).to.throw('every 0 months');
    expect(() => intervalOf({ unit: 'day', count: 1.5 })).to.throw('every 1.5 days');
  });
});
