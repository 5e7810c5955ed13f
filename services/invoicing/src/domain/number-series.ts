/** The next free number of a legal entity in one year. */
export interface NumberSeries {
  readonly sellerId: string;
  readonly year: number;
  readonly next: bigint;
}

const DIGITS_MIN = 6;

/** `QT-2026-000001`. More than 999 999 a year simply get longer. */
export const invoiceNumber = (prefix: string, series: NumberSeries): string =>
  `${prefix}-${series.year}-${series.next.toString().padStart(DIGITS_MIN, '0')}`;

/** The year on the seller's own calendar: 31 December 23:30 UTC is next year in Paris. */
export const yearOfIssue = (at: Date, timeZone: string): number => Number(calendarOf(timeZone).format(at));

/** Making one takes longer than everything else about a number. */
const calendars = new Map<string, Intl.DateTimeFormat>();

const calendarOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  const calendar = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', { timeZone, year: 'numeric' });
  calendars.set(timeZone, calendar);
  return calendar;
};
