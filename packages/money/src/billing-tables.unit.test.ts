import { expect } from 'chai';
import fc from 'fast-check';

import { type Cycle, fractionLeft, money, periodContaining, type PeriodRules, periodsFrom, prorate } from './index.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const DAY_MS = 86_400_000;
const monthly = { unit: 'month', count: 1 } as const;

describe('periodsFrom in calendar mode, every few units', () => {
  // Quarters as the calendar has them (Lago's "calendar" billing): what divides a year is counted from January.
  const table: readonly [string, Cycle, readonly string[]][] = [
    ['2027-01-20', { unit: 'month', count: 3 }, ['2027-01-20', '2027-04-01', '2027-07-01', '2027-10-01', '2028-01-01']],
    ['2027-02-20', { unit: 'month', count: 3 }, ['2027-02-20', '2027-04-01', '2027-07-01']],
    ['2027-12-31', { unit: 'month', count: 3 }, ['2027-12-31', '2028-01-01', '2028-04-01']],
    ['2027-04-01', { unit: 'month', count: 3 }, ['2027-04-01', '2027-07-01']], // on the boundary: no stub
    ['2027-03-01', { unit: 'month', count: 2 }, ['2027-03-01', '2027-05-01']],
    ['2027-04-01', { unit: 'month', count: 2 }, ['2027-04-01', '2027-05-01', '2027-07-01']],
    ['2027-08-20', { unit: 'month', count: 6 }, ['2027-08-20', '2028-01-01', '2028-07-01']],
    ['2027-08-20', { unit: 'month', count: 12 }, ['2027-08-20', '2028-01-01', '2029-01-01']],
    ['2027-08-20', { unit: 'year', count: 1 }, ['2027-08-20', '2028-01-01', '2029-01-01']],
    // Nothing in the calendar is five months, two weeks or two years long: a stub to the next unit, counted from there.
    ['2027-01-20', { unit: 'month', count: 5 }, ['2027-01-20', '2027-02-01', '2027-07-01', '2027-12-01']],
    ['2027-02-01', { unit: 'month', count: 5 }, ['2027-02-01', '2027-07-01']],
    ['2027-01-20', { unit: 'week', count: 2 }, ['2027-01-20', '2027-01-25', '2027-02-08']], // a Wednesday
    ['2027-01-25', { unit: 'week', count: 2 }, ['2027-01-25', '2027-02-08']], // a Monday
    ['2027-08-20', { unit: 'year', count: 2 }, ['2027-08-20', '2028-01-01', '2030-01-01']],
    ['2027-08-20', { unit: 'day', count: 10 }, ['2027-08-20', '2027-08-30']],
  ];
  for (const [anchor, cycle, expected] of table) {
    it(`every ${cycle.count} ${cycle.unit} from ${anchor}: ${expected.join(', ')}`, () => {
      const rules = { timeZone: 'UTC', mode: 'calendar', count: expected.length } as const;
      const starts = periodsFrom(day(anchor), cycle, rules).map(({ start }) => start.toISOString().slice(0, 10));

      expect(starts).to.deep.equal(expected);
    });
  }

  it('is a stub to the next midnight of the zone, also on the day that clocks change', () => {
    // Lord Howe puts its clocks back by half an hour on 4 April 2027: 10:30 ahead of UTC from then on.
    const anchor = new Date('2027-04-03T12:00:00Z');
    const [stub, whole] = periodsFrom(
      anchor,
      { unit: 'day', count: 1 },
      { timeZone: 'Australia/Lord_Howe', mode: 'calendar', count: 2 },
    );

    expect(stub?.end.toISOString()).to.equal('2027-04-03T13:00:00.000Z');
    expect(whole?.end.toISOString()).to.equal('2027-04-04T13:30:00.000Z');
  });
});

describe('periods, whatever the zone, the cycle and the century', () => {
  const anchors = fc.oneof(
    fc.date({ min: day('1975-01-01'), max: day('2075-01-01'), noInvalidDate: true }),
    fc.constantFrom(
      ...['2024-02-29', '2000-02-29', '2027-01-31', '2027-01-30', '2027-02-28', '2026-12-31', '2027-11-30'].map(day),
      // The night in which clocks change, in Berlin, New York and on Lord Howe.
      ...['2027-03-28T00:59:59.999Z', '2027-10-31T00:30:00Z', '2027-11-07T05:30:00Z', '2027-04-03T14:45:00Z'].map(
        (text) => new Date(text),
      ),
    ),
  );
  const facts = fc.record({
    anchor: anchors,
    cycle: fc.record({
      unit: fc.constantFrom('day', 'week', 'month', 'year'),
      count: fc.integer({ min: 1, max: 13 }),
    }),
    rules: fc.record<PeriodRules>({
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Africa/Lagos', 'Australia/Lord_Howe'),
      mode: fc.constantFrom('anniversary', 'calendar'),
    }),
    laterMs: fc.oneof(fc.integer({ min: 0, max: 400 * DAY_MS }), fc.integer({ min: 0, max: 50 * 366 * DAY_MS })),
  });

  it('leave no gap and never overlap', () => {
    fc.assert(
      fc.property(facts, ({ anchor, cycle, rules }) => {
        const all = periodsFrom(anchor, cycle, { ...rules, count: 30 });
        expect(all[0]?.start).to.deep.equal(anchor);
        for (const [index, { start, end }] of all.entries()) {
          expect(end.getTime()).to.be.greaterThan(start.getTime());
          if (index > 0) expect(start).to.deep.equal(all[index - 1]?.end);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('contain what they are said to contain, up to their last instant', () => {
    fc.assert(
      fc.property(facts, ({ anchor, cycle, rules, laterMs }) => {
        const at = new Date(anchor.getTime() + laterMs);
        const period = periodContaining(anchor, cycle, { ...rules, at });
        expect(period.start.getTime() <= at.getTime() && at.getTime() < period.end.getTime()).to.equal(true);
        const lastInstant = new Date(period.end.getTime() - 1);
        for (const same of [period.start, lastInstant]) {
          expect(periodContaining(anchor, cycle, { ...rules, at: same })).to.deep.equal(period);
        }
        expect(periodContaining(anchor, cycle, { ...rules, at: period.end }).start).to.deep.equal(period.end);
      }),
      { numRuns: 300 },
    );
  });

  it('keep the anchor’s local time, or its local midnight in calendar mode', () => {
    fc.assert(
      fc.property(facts, ({ anchor, cycle, rules: { timeZone } }) => {
        const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
        const ends = periodsFrom(anchor, cycle, { timeZone, count: 20 }).map(({ end }) => clock.format(end));
        // An hour that a day does not have is the only excuse.
        const others = ends.filter((text) => text !== clock.format(anchor));
        expect(others.length).to.be.lessThan(4);
      }),
      { numRuns: 100 },
    );
  });
});

describe('fixed30', () => {
  const left = (start: string, end: string, at: string) => {
    const period = { start: day(start), end: day(end) };
    const { numerator, denominator } = fractionLeft({ period, at: day(at), cycle: monthly, basis: 'fixed30' });
    return `${numerator}/${denominator}`;
  };
  const table: readonly [string, string, string, string][] = [
    ['2027-06-01', '2027-07-01', '2027-06-01', '1/1'],
    ['2027-06-01', '2027-07-01', '2027-06-02', '29/30'],
    ['2027-06-01', '2027-07-01', '2027-06-16', '15/30'],
    ['2027-06-01', '2027-07-01', '2027-06-30', '1/30'],
    // 31 days: the first one is free, so that the last one is still worth a thirtieth.
    ['2027-01-01', '2027-02-01', '2027-01-02', '30/30'],
    ['2027-01-01', '2027-02-01', '2027-01-17', '15/30'],
    ['2027-01-01', '2027-02-01', '2027-01-31', '1/30'],
    // February is counted by its own days: half of it is a half, and its last day is not three.
    ['2027-02-01', '2027-03-01', '2027-02-02', '27/28'],
    ['2027-02-01', '2027-03-01', '2027-02-15', '14/28'],
    ['2027-02-01', '2027-03-01', '2027-02-28', '1/28'],
    ['2028-02-01', '2028-03-01', '2028-02-29', '1/29'],
    ['2027-01-31', '2027-02-28', '2027-02-27', '1/28'],
    // So is a stub: its last day is one of twelve.
    ['2027-01-20', '2027-02-01', '2027-01-26', '6/12'],
    ['2027-01-20', '2027-02-01', '2027-01-31', '1/12'],
    ['2027-01-20', '2027-02-01', '2027-02-01', '0/1'],
  ];
  for (const [start, end, at, expected] of table) {
    it(`${start} to ${end}, on ${at}: ${expected} is left`, () => {
      expect(left(start, end, at)).to.equal(expected);
    });
  }

  it('of a year is 360 days: half of it on the day that has 180 to go', () => {
    // 2027-07-05 is 180 days before 2028-01-01.
    const period = { start: day('2027-01-01'), end: day('2028-01-01') };
    const cycle = { unit: 'year', count: 1 } as const;

    expect(fractionLeft({ period, at: day('2027-07-05'), cycle, basis: 'fixed30' })).to.deep.equal({
      numerator: 180n,
      denominator: 360n,
    });
  });
});

describe('prorate, for any period and price', () => {
  const amounts = fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 15n }),
    fc.constantFrom(0n, 1n, 10n ** 15n, 9_007_199_254_740_991n),
  );
  const facts = fc.record({
    start: fc.date({ min: day('1975-01-01'), max: day('2075-01-01'), noInvalidDate: true }),
    lengthMs: fc.integer({ min: 1, max: 800 * DAY_MS }),
    atShare: fc.integer({ min: -200, max: 1200 }),
    cycle: fc.record({
      unit: fc.constantFrom('day', 'week', 'month', 'year'),
      count: fc.integer({ min: 1, max: 5 }),
    }),
    basis: fc.constantFrom('fixed30', 'actual'),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Africa/Lagos', 'Australia/Lord_Howe'),
    prices: fc.tuple(amounts, amounts),
  });

  it('is zero there and back, never more than the difference, and never grows as time goes by', () => {
    fc.assert(
      fc.property(facts, ({ start, lengthMs, atShare, cycle, basis, timeZone, prices: [a, b] }) => {
        const period = { start, end: new Date(start.getTime() + lengthMs) };
        const at = new Date(start.getTime() + Math.floor((lengthMs * atShare) / 1000));
        const common = { period, cycle, basis, timeZone };
        const cost = (from: bigint, to: bigint, when: Date): bigint =>
          prorate({ ...common, at: when, fromPrice: money(from, 'USD'), toPrice: money(to, 'USD') }).amountMinor;
        const there = cost(a, b, at);
        expect(there + cost(b, a, at)).to.equal(0n);
        const size = (value: bigint): bigint => (value < 0n ? -value : value);
        expect(size(there) <= size(b - a)).to.equal(true);
        expect(size(cost(a, b, new Date(at.getTime() + DAY_MS))) <= size(there)).to.equal(true);
        const { numerator, denominator } = fractionLeft({ ...common, at });
        expect(numerator >= 0n && numerator <= denominator && denominator > 0n).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });
});
