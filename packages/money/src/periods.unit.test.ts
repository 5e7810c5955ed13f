import { AssertionFailed } from '@quittance/kernel';
import { expect } from 'chai';
import fc from 'fast-check';

import { type Cycle, periodContaining, periodsFrom, wholeCycles } from './index.ts';

const UTC = { timeZone: 'UTC' };
const day = (text: string) => new Date(`${text}T00:00:00Z`);
const starts = (anchor: Date, cycle: Cycle, rules: Parameters<typeof periodsFrom>[2]) =>
  periodsFrom(anchor, cycle, rules).map((period) => period.start.toISOString().slice(0, 10));

describe('periodsFrom', () => {
  const table: readonly [string, Cycle, readonly string[]][] = [
    ['2027-01-31', { unit: 'month', count: 1 }, ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31']],
    ['2028-01-31', { unit: 'month', count: 1 }, ['2028-01-31', '2028-02-29', '2028-03-31']],
    ['2028-02-29', { unit: 'year', count: 1 }, ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']],
    ['2027-01-15', { unit: 'week', count: 2 }, ['2027-01-15', '2027-01-29', '2027-02-12']],
    ['2027-12-31', { unit: 'day', count: 10 }, ['2027-12-31', '2028-01-10', '2028-01-20']],
    ['2027-11-30', { unit: 'month', count: 3 }, ['2027-11-30', '2028-02-29', '2028-05-30']],
  ];
  for (const [anchor, cycle, expected] of table) {
    it(`every ${cycle.count} ${cycle.unit} from ${anchor}: ${expected.join(', ')}`, () => {
      expect(starts(day(anchor), cycle, { ...UTC, count: expected.length })).to.deep.equal(expected);
    });
  }

  it('keeps local midnight over the change to summer time', () => {
    // Paris is UTC+1 until 28 March 2027, then UTC+2: local midnight moves from 23:00Z to 22:00Z.
    const [march, april] = periodsFrom(
      new Date('2027-02-28T23:00:00Z'),
      { unit: 'month', count: 1 },
      { timeZone: 'Europe/Paris', count: 2 },
    );

    expect(march?.start.toISOString()).to.equal('2027-02-28T23:00:00.000Z');
    expect(march?.end.toISOString()).to.equal('2027-03-31T22:00:00.000Z');
    expect(april?.end.toISOString()).to.equal('2027-04-30T22:00:00.000Z');
  });

  it('comes back to an hour that one day does not have', () => {
    // 02:30 does not exist in Paris on 28 March 2027: 03:30 that day, 02:30 again in April.
    const [first, second] = periodsFrom(
      new Date('2027-02-28T01:30:00Z'),
      { unit: 'month', count: 1 },
      { timeZone: 'Europe/Paris', count: 2 },
    );

    expect(first?.end.toISOString()).to.equal('2027-03-28T01:30:00.000Z');
    expect(second?.end.toISOString()).to.equal('2027-04-28T00:30:00.000Z');
  });

  context('in calendar mode', () => {
    const calendar = { timeZone: 'UTC', mode: 'calendar' } as const;

    it('starts with a stub and then follows the calendar', () => {
      expect(starts(day('2027-01-20'), { unit: 'month', count: 1 }, { ...calendar, count: 3 })).to.deep.equal([
        '2027-01-20',
        '2027-02-01',
        '2027-03-01',
      ]);
      expect(starts(day('2027-06-15'), { unit: 'year', count: 1 }, { ...calendar, count: 2 })).to.deep.equal([
        '2027-06-15',
        '2028-01-01',
      ]);
      // 20 January 2027 is a Wednesday.
      expect(starts(day('2027-01-20'), { unit: 'week', count: 1 }, { ...calendar, count: 2 })).to.deep.equal([
        '2027-01-20',
        '2027-01-25',
      ]);
    });
  });

  for (const mode of ['anniversary', 'calendar'] as const) {
    it(`has no empty period for the day that Samoa left out, in ${mode} mode`, () => {
      // 29 December 2011 was followed by the 31st: the days began at 10:00Z, 24 hours apart as ever.
      const rules = { timeZone: 'Pacific/Apia', mode, count: 4 };
      const anchor = new Date('2011-12-28T10:00:00Z');
      const edges = ['28T10', '29T10', '30T10', '31T10'].map((text) => new Date(`2011-12-${text}:00:00Z`));

      const periods = periodsFrom(anchor, { unit: 'day', count: 1 }, rules);

      expect(periods.map(({ start }) => start)).to.deep.equal(edges);
      for (const period of periods) {
        expect(period.end.getTime()).to.be.greaterThan(period.start.getTime());
        expect(periodContaining(anchor, { unit: 'day', count: 1 }, { ...rules, at: period.start })).to.deep.equal(
          period,
        );
        expect(wholeCycles(period, { unit: 'day', count: 1 }, rules.timeZone)).to.equal(1);
      }
    });
  }

  it('says what is wrong with what no type has checked', () => {
    const from = (anchor: Date, cycle: object, rules: object) => (): unknown =>
      Reflect.apply(periodsFrom, null, [anchor, cycle, { ...UTC, count: 1, ...rules }]);
    const month = { unit: 'month', count: 1 };

    expect(from(new Date('31 Foo'), month, {})).to.throw(AssertionFailed, 'the anchor is no valid date');
    expect(from(day('2027-01-01'), { unit: 'quarter', count: 1 }, {})).to.throw(AssertionFailed, 'not of quarter');
    expect(from(day('2027-01-01'), { unit: 'month', count: 1.5 }, {})).to.throw(AssertionFailed, '1.5 months');
    expect(from(day('2027-01-01'), month, { mode: 'Calendar' })).to.throw(AssertionFailed, 'Calendar');
    expect(from(day('2027-01-01'), month, { timeZone: 'Mars/Olympus' })).to.throw(RangeError, 'time zone');
  });

  it('refuses a cycle of nothing and an endless list', () => {
    expect(() => periodsFrom(day('2027-01-01'), { unit: 'month', count: 0 }, { ...UTC, count: 1 })).to.throw(
      AssertionFailed,
    );
    expect(() => periodsFrom(day('2027-01-01'), { unit: 'month', count: 1 }, { ...UTC, count: 10_001 })).to.throw(
      AssertionFailed,
    );
  });
});

describe('periodContaining', () => {
  const monthly = { unit: 'month', count: 1 } as const;

  it('gives a boundary to the period that starts there', () => {
    const period = periodContaining(day('2027-01-31'), monthly, { ...UTC, at: day('2027-02-28') });

    expect([period.start, period.end]).to.deep.equal([day('2027-02-28'), day('2027-03-31')]);
  });

  it('refuses what is no instant', () => {
    const never = new Date('31 Foo');

    expect(() => periodContaining(day('2027-01-31'), monthly, { ...UTC, at: never })).to.throw(AssertionFailed, '`at`');
  });

  it('refuses an instant before the anchor', () => {
    expect(() => periodContaining(day('2027-01-31'), monthly, { ...UTC, at: day('2027-01-30') })).to.throw(
      AssertionFailed,
    );
  });

  it('holds its instant and is one of the periods from the anchor, in any zone and mode', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Africa/Lagos', 'Asia/Kathmandu');
    const cycles = fc.record({
      unit: fc.constantFrom('day', 'week', 'month', 'year'),
      count: fc.integer({ min: 1, max: 5 }),
    });
    const anchors = fc.date({ min: new Date('2020-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
    const arbitrary = fc.record({
      anchor: anchors,
      laterMs: fc.integer({ min: 0, max: 90 * 86_400_000 }),
      cycle: cycles,
      timeZone: zones,
      mode: fc.constantFrom('anniversary', 'calendar'),
    });
    fc.assert(
      fc.property(arbitrary, ({ anchor, laterMs, cycle, timeZone, mode }) => {
        const at = new Date(anchor.getTime() + laterMs);
        const period = periodContaining(anchor, cycle, { timeZone, mode, at });
        expect(period.start.getTime() <= at.getTime() && at.getTime() < period.end.getTime()).to.equal(true);
        const all = periodsFrom(anchor, cycle, { timeZone, mode, count: 100 });
        expect(all.map((one) => one.start.getTime())).to.include(period.start.getTime());
        for (const [index, one] of all.entries()) if (index > 0) expect(one.start).to.deep.equal(all[index - 1]?.end);
      }),
      { numRuns: 60 },
    );
  });
});

describe('wholeCycles', () => {
  const month = { unit: 'month', count: 1 } as const;
  const table: readonly [string, string, Cycle, number | null][] = [
    ['2027-06-01', '2027-07-01', month, 1],
    ['2027-06-01', '2027-09-01', month, 3],
    ['2027-06-01', '2027-09-01', { unit: 'month', count: 3 }, 1],
    ['2027-06-01', '2027-09-01', { unit: 'month', count: 2 }, null],
    // Anchored on the 31st and on the 29th: February is too short for either end
    ['2027-01-31', '2027-02-28', month, 1],
    ['2027-02-28', '2027-03-31', month, 1],
    ['2027-02-28', '2027-03-29', month, 1],
    ['2027-02-27', '2027-03-29', month, null],
    ['2028-02-29', '2029-02-28', { unit: 'year', count: 1 }, 1],
    ['2031-02-28', '2032-02-29', { unit: 'year', count: 1 }, 1],
    ['2027-06-01', '2027-06-16', month, null],
    ['2027-06-01', '2027-07-16', month, null],
    ['2027-06-01', '2027-08-30', { unit: 'day', count: 90 }, 1],
    ['2027-06-01', '2027-06-29', { unit: 'week', count: 2 }, 2],
  ];
  for (const [start, end, cycle, expected] of table) {
    it(`${start} – ${end} is ${expected ?? 'no whole number'} of ${cycle.count} ${cycle.unit}`, () => {
      expect(wholeCycles({ start: day(start), end: day(end) }, cycle, 'UTC')).to.equal(expected);
    });
  }

  it('knows every period that is counted from an anchor', () => {
    const anchors = fc.date({ min: day('2026-01-01'), max: day('2029-12-31'), noInvalidDate: true });
    const cycles = fc.record({
      unit: fc.constantFrom<Cycle['unit']>('day', 'week', 'month', 'year'),
      count: fc.integer({ min: 1, max: 7 }),
    });
    const zones = fc.constantFrom('UTC', 'Asia/Tokyo');
    fc.assert(
      fc.property(anchors, cycles, zones, (anchor, cycle, timeZone) => {
        for (const period of periodsFrom(anchor, cycle, { timeZone, count: 6 })) {
          expect(wholeCycles(period, cycle, timeZone)).to.equal(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
