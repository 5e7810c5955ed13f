import { assert } from '@quittance/kernel';

import { type Cycle } from './periods.ts';

/**
 * How often a price is charged, as it is written, stored and compared: the two usual names, or an ISO 8601 duration of
 * one unit for a custom cycle: `P90D`, `P6W`, `P3M`, `P2Y`. `P1M` and `P1Y` are not written: they are `month` and `year`.
 */
export type Interval = 'month' | 'year' | `P${number}${keyof typeof UNITS}`;

const UNITS = { D: 'day', W: 'week', M: 'month', Y: 'year' } as const satisfies Record<string, Cycle['unit']>;

/** Ten years in each unit: longer is a typing mistake. */
const COUNT_MAX = { day: 3660, week: 520, month: 120, year: 10 } as const satisfies Record<Cycle['unit'], number>;

const DURATION = /^P([1-9]\d{0,3})([DWMY])$/;

export const isInterval = (value: unknown): value is Interval =>
  value === 'month' || value === 'year' || (typeof value === 'string' && readDuration(value) !== null);

/** The cycle an interval stands for. */
export const cycleOf = (interval: Interval): Cycle => {
  if (interval === 'month' || interval === 'year') return { unit: interval, count: 1 };
  const cycle = readDuration(interval);
  assert(cycle !== null, `${interval} is not an interval`);
  return cycle;
};

/** The one way to write a cycle. @throws AssertionFailed for a cycle that no price may have. */
export const intervalOf = ({ unit, count }: Cycle): Interval => {
  if (count === 1 && (unit === 'month' || unit === 'year')) return unit;
  const written = `P${String(count)}${LETTERS[unit]}`;
  assert(isInterval(written), `every ${String(count)} ${unit}s is not a cycle a price may have`);
  return written;
};

const LETTERS = { day: 'D', week: 'W', month: 'M', year: 'Y' } as const satisfies Record<Cycle['unit'], string>;

const readDuration = (text: string): Cycle | null => {
  const [, digits, letter] = DURATION.exec(text) ?? [];
  if (digits === undefined || !isLetter(letter)) return null;
  const unit = UNITS[letter];
  const count = Number(digits);
  const hasName = count === 1 && (unit === 'month' || unit === 'year');
  return hasName || count > COUNT_MAX[unit] ? null : { unit, count };
};

const isLetter = (value: string | undefined): value is keyof typeof UNITS =>
  value !== undefined && Object.hasOwn(UNITS, value);
