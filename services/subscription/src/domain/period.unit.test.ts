import { expect } from 'chai';
import fc from 'fast-check';

import { firstPeriod, periodAfter } from './period.ts';

const at = (day: string) => new Date(`${day}T10:00:00.000Z`);

describe('periodAfter', () => {
  it('counts from the anchor, not from the end before: 31 January, 28 February, 31 March', () => {
    const first = firstPeriod(at('2027-01-31'), 'month');
    const second = periodAfter(first, at('2027-01-31'), 'month');

    expect(first.end).to.deep.equal(at('2027-02-28'));
    expect(second).to.deep.equal({ start: at('2027-02-28'), end: at('2027-03-31') });
  });

  it('comes back to 29 February after three years of 28 February', () => {
    let period = firstPeriod(at('2028-02-29'), 'year');
    for (let year = 0; year < 3; year += 1) period = periodAfter(period, at('2028-02-29'), 'year');

    expect(period).to.deep.equal({ start: at('2031-02-28'), end: at('2032-02-29') });
  });

  it('starts at the anchor when the period before it ended there, as a bonus period does', () => {
    const bonus = { start: at('2027-06-15'), end: at('2027-07-05') };

    expect(periodAfter(bonus, bonus.end, 'month')).to.deep.equal({
      start: at('2027-07-05'),
      end: at('2027-08-05'),
    });
  });

  it('leaves no gap and no overlap, for any anchor and interval', () => {
    const anchors = fc.date({ min: at('2024-01-01'), max: at('2030-12-31'), noInvalidDate: true });
    const intervals = fc.constantFrom('month' as const, 'year' as const);
    fc.assert(
      fc.property(anchors, intervals, (anchor, interval) => {
        let period = firstPeriod(anchor, interval);
        for (let n = 0; n < 30; n += 1) {
          const next = periodAfter(period, anchor, interval);
          expect(next.start).to.deep.equal(period.end);
          expect(next.end.getTime()).to.be.greaterThan(next.start.getTime());
          period = next;
        }
      }),
      { numRuns: 40 },
    );
  });
});
