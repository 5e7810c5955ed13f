import { assert, assertNever } from '@quittance/kernel';
import { Temporal } from 'temporal-polyfill';

/** How often a plan bills: every `count` units. */
export interface Cycle {
  readonly unit: 'day' | 'week' | 'month' | 'year';
  readonly count: number;
}

/** Half open: `start` belongs to it, `end` to the next. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

export interface PeriodRules {
  /** IANA name; local dates and DST are those of this zone. */
  readonly timeZone: string;
  /**
   * `anniversary` (default): every period starts on the anchor's day and time. `calendar`: the first one is a stub from
   * the anchor to the next Monday, first of the month or 1 January, and the rest start there at midnight. Months that
   * divide a year are counted from January: quarters begin in January, April, July and October, wherever the anchor is.
   */
  readonly mode?: 'anniversary' | 'calendar';
}

const PERIODS_MAX = 10_000;

/**
 * The first `count` periods. Each boundary is the ANCHOR plus n cycles, never the boundary before plus one: 31 January →
 * 28 February → 31 March, and 29 February → 28 February → … → 29 February. A local time that a day does not have is
 * read as Temporal's `compatible`: later by the gap, and of two the earlier. No period is empty: a day that a zone left
 * out (30 December 2011 in Samoa) is none.
 * @throws AssertionFailed for a cycle below one unit, a count outside 0 … 10 000, or what is no date, unit or mode.
 * @throws RangeError for a time zone that IANA does not know, and beyond the dates that JavaScript has.
 */
export const periodsFrom = (
  anchor: Date,
  cycle: Cycle,
  rules: PeriodRules & { readonly count: number },
): readonly Period[] => {
  assert(
    Number.isInteger(rules.count) && rules.count >= 0 && rules.count <= PERIODS_MAX,
    `${rules.count} periods asked`,
  );
  const boundary = boundaries(anchor, cycle, rules);
  const periods: Period[] = [];
  let start = toDate(boundary(0));
  for (let n = 1; periods.length < rules.count; n += 1) {
    const end = toDate(boundary(n));
    if (end.getTime() === start.getTime()) continue;
    periods.push({ start, end });
    start = end;
  }
  return periods;
};

/**
 * The period that `at` falls in: one of those of `periodsFrom`, to the millisecond. A boundary belongs to the later one.
 * @throws AssertionFailed when `at` is before the anchor; else as `periodsFrom`.
 */
export const periodContaining = (anchor: Date, cycle: Cycle, rules: PeriodRules & { readonly at: Date }): Period => {
  const { at } = rules;
  assertInstant(anchor, 'the anchor');
  assertInstant(at, '`at`');
  assert(at.getTime() >= anchor.getTime(), `${at.toISOString()} is before the anchor ${anchor.toISOString()}`);
  const boundary = boundaries(anchor, cycle, rules);
  const distance = zoned(anchor, rules.timeZone).until(zoned(at, rules.timeZone), { largestUnit: cycle.unit });
  // Clipped month ends make the distance a guess that may be one off; the two conditions below settle it.
  let n = Math.floor(distance[`${cycle.unit}s`] / cycle.count);
  while (boundary(n).epochMilliseconds > at.getTime()) n -= 1;
  while (boundary(n + 1).epochMilliseconds <= at.getTime()) n += 1;
  return { start: toDate(boundary(n)), end: toDate(boundary(n + 1)) };
};

/**
 * How many whole cycles a period is, whichever of its ends the month was too short for: 31 January – 28 February is one
 * month, and so is 28 February – 31 March. Null where it is none.
 */
export const wholeCycles = (period: Period, cycle: Cycle, timeZone: string): number | null => {
  assertCycle(cycle);
  const { unit, count } = cycle;
  const [start, end] = [zoned(period.start, timeZone), zoned(period.end, timeZone)];
  const distance = start.until(end, { largestUnit: unit });
  const guess = Math.floor(distance[`${unit}s`] / count);
  const isWhole = (n: number): boolean => {
    const length = { [`${unit}s`]: n * count };
    return n > 0 && (start.add(length).equals(end) || end.subtract(length).equals(start));
  };
  // One less where the zone left out a day.
  return [guess - 1, guess, guess + 1].find(isWhole) ?? null;
};

const boundaries = (anchor: Date, cycle: Cycle, rules: PeriodRules): ((n: number) => Temporal.ZonedDateTime) => {
  assertCycle(cycle);
  assert(MODES.includes(rules.mode ?? 'anniversary'), `no mode of periods: ${rules.mode}`);
  assertInstant(anchor, 'the anchor');
  const first = zoned(anchor, rules.timeZone);
  const after = (from: Temporal.ZonedDateTime, n: number) => from.add({ [`${cycle.unit}s`]: n * cycle.count });
  if (rules.mode !== 'calendar') return (n) => after(first, n);
  const grid = gridOf(first, cycle);
  return (n) => (n === 0 ? first : after(grid, n).startOfDay());
};

const UNITS: readonly Cycle['unit'][] = ['day', 'week', 'month', 'year'];
const MODES: readonly NonNullable<PeriodRules['mode']>[] = ['anniversary', 'calendar'];

/** Shared with proration. Types end where JSON and JavaScript begin: what is no cycle must not become some other one. */
export const assertCycle = ({ unit, count }: Cycle): void => {
  assert(UNITS.includes(unit), `a cycle is of days, weeks, months or years, not of ${unit}`);
  assert(Number.isInteger(count) && count >= 1, `a cycle of ${count} ${unit}s`);
};

export const assertInstant = (at: Date, name: string): void => {
  assert(Number.isFinite(at.getTime()), `${name} is no valid date`);
};

/** The boundary of the calendar that the stub belongs to: the last one before or at the anchor. */
const gridOf = (anchor: Temporal.ZonedDateTime, { unit, count }: Cycle): Temporal.ZonedDateTime => {
  const begun = startOfUnit(anchor, unit);
  if (unit === 'month' && MONTHS_OF_YEAR % count === 0) return begun.subtract({ months: (begun.month - 1) % count });
  // No calendar has five months, two weeks or two years: these are counted from the end of the stub.
  return begun.equals(anchor) ? begun : begun.add({ [`${unit}s`]: 1 - count });
};

const MONTHS_OF_YEAR = 12;

const startOfUnit = (at: Temporal.ZonedDateTime, unit: Cycle['unit']): Temporal.ZonedDateTime => {
  switch (unit) {
    case 'day':
      return at.startOfDay();
    case 'week':
      return at.subtract({ days: at.dayOfWeek - 1 }).startOfDay();
    case 'month':
      return at.with({ day: 1 }).startOfDay();
    case 'year':
      return at.with({ month: 1, day: 1 }).startOfDay();
    default:
      return assertNever(unit);
  }
};

/** Shared with proration, so that both count days in the same way. */
export const zoned = (at: Date, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);

const toDate = (at: Temporal.ZonedDateTime): Date => new Date(at.epochMilliseconds);
