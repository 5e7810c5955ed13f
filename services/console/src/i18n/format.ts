import { directionOf, type Language } from './languages.ts';

export interface Money {
  /** Whole minor units. */
  readonly amount: number;
  readonly currency: string;
}

interface MoneyStyle {
  /** Leaves out `.00` of whole amounts, where a price is read at a glance. */
  readonly short?: boolean;
}

/** `1999 USD` as a person writes 19.99 dollars in this language. Digits after the point are those of ISO 4217. */
export const formatMoney = (money: Money, language: Language, { short = false }: MoneyStyle = {}): string =>
  new Intl.NumberFormat(language, {
    style: 'currency',
    currency: money.currency,
    trailingZeroDisplay: short ? 'stripIfInteger' : 'auto',
  })
    .formatToParts(money.amount / 10 ** minorDigits(money.currency))
    .map(({ type, value }) => (type === 'currency' && directionOf(language) === 'rtl' ? leftToRight(value) : value))
    .join('');

/** Without it the sign of `US$` or `GH₵` jumps to the other side of its letters in right-to-left text. */
const leftToRight = (text: string): string => `\u2066${text}\u2069`;

/** ISO 4217 exponent: 2 for USD, 0 for XOF. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** Parts per million as a percentage: 200000 is 20 %. */
export const formatRate = (ppm: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 4 }).format(ppm / 1_000_000);

export const formatNumber = (value: number, language: Language): string =>
  new Intl.NumberFormat(language).format(value);

const UNITS = { D: 'day', W: 'week', M: 'month', Y: 'year' } as const;
type Letter = keyof typeof UNITS;

/** A custom cycle, `P90D`, as a length of time: 90 days. Null for the two that have a word of their own. */
export const formatSpan = (interval: string, language: Language): string | null => {
  const [, count, letter] = /^P(\d+)([DWMY])$/.exec(interval) ?? [];
  if (!isLetter(letter)) return null;
  return new Intl.NumberFormat(language, { style: 'unit', unit: UNITS[letter], unitDisplay: 'long' }).format(
    Number(count),
  );
};

const isLetter = (value: string | undefined): value is Letter => value !== undefined && Object.hasOwn(UNITS, value);

export type InstantStyle = 'day' | 'minute' | 'second';

const PARTS: Record<InstantStyle, Intl.DateTimeFormatOptions> = {
  day: { day: 'numeric', month: 'long', year: 'numeric' },
  minute: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  second: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  },
};

/** In the reader's own time zone, which is named wherever the hour is shown. */
export const formatInstant = (instant: string, language: Language, style: InstantStyle = 'minute'): string =>
  new Intl.DateTimeFormat(language, { calendar: 'gregory', ...PARTS[style] }).format(new Date(instant));
