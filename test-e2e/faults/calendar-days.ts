import { type Wish } from '@quittance/local';

/** A purchase across an instant at which calendars do something odd. The seller keeps his books in Paris. */
export interface OddDay {
  readonly what: string;
  /** When the checkout is begun, which is when its period begins. */
  readonly opensAt: string;
  /** When the customer pays: the invoice is issued then. */
  readonly paysAt: string;
  readonly interval: Wish['interval'];
  /** The day, in UTC, on which the period ends, at the time of day at which it began. */
  readonly ends: string;
  /** Of the invoice's number: on the seller's own calendar. */
  readonly year: number;
}

const MINUTES_BETWEEN = 20;

const day = (opensAt: string, interval: Wish['interval'], rest: Pick<OddDay, 'what' | 'ends' | 'year'>): OddDay => ({
  ...rest,
  opensAt: `${opensAt}:00.000Z`,
  paysAt: new Date(Date.parse(`${opensAt}:00.000Z`) + MINUTES_BETWEEN * 60_000).toISOString(),
  interval,
});

/** Ends and years are written out, not calculated. */
export const ODD_DAYS: readonly OddDay[] = [
  day('2027-01-31T10:00', 'month', { what: '31 January', ends: '2027-02-28', year: 2027 }),
  day('2027-01-30T10:00', 'month', { what: '30 January', ends: '2027-02-28', year: 2027 }),
  day('2027-01-29T10:00', 'month', { what: '29 January', ends: '2027-02-28', year: 2027 }),
  day('2028-01-31T10:00', 'month', { what: '31 January of a leap year', ends: '2028-02-29', year: 2028 }),
  day('2028-01-30T10:00', 'month', { what: '30 January of a leap year', ends: '2028-02-29', year: 2028 }),
  day('2032-01-31T10:00', 'month', { what: '31 January of a leap year', ends: '2032-02-29', year: 2032 }),
  day('2033-01-31T10:00', 'month', { what: '31 January', ends: '2033-02-28', year: 2033 }),
  day('2027-02-28T12:00', 'month', { what: '28 February', ends: '2027-03-28', year: 2027 }),
  day('2027-02-28T23:50', 'month', { what: 'from February into March', ends: '2027-03-28', year: 2027 }),
  day('2028-02-28T23:50', 'month', { what: 'from 28 into 29 February', ends: '2028-03-28', year: 2028 }),
  day('2028-02-29T12:00', 'month', { what: '29 February', ends: '2028-03-29', year: 2028 }),
  day('2028-02-29T12:00', 'year', { what: '29 February, a year', ends: '2029-02-28', year: 2028 }),
  day('2028-02-29T23:50', 'month', { what: 'from 29 February into March', ends: '2028-03-29', year: 2028 }),
  day('2032-02-29T23:50', 'year', { what: 'from 29 February into March, a year', ends: '2033-02-28', year: 2032 }),
  day('2031-02-28T12:00', 'year', { what: '28 February into a leap year', ends: '2032-02-28', year: 2031 }),
  day('2027-03-31T10:00', 'month', { what: '31 March', ends: '2027-04-30', year: 2027 }),
  day('2027-05-31T23:50', 'month', { what: 'from May into June', ends: '2027-06-30', year: 2027 }),
  day('2027-08-31T10:00', 'month', { what: '31 August', ends: '2027-09-30', year: 2027 }),
  day('2030-06-30T23:50', 'month', { what: 'from June into July', ends: '2030-07-30', year: 2030 }),
  day('2027-03-28T00:50', 'month', { what: 'summer time begins in Europe', ends: '2027-04-28', year: 2027 }),
  day('2027-10-31T00:50', 'month', { what: 'summer time ends in Europe', ends: '2027-11-30', year: 2027 }),
  day('2027-03-14T06:50', 'month', { what: 'summer time begins in New York', ends: '2027-04-14', year: 2027 }),
  day('2027-11-07T05:50', 'month', { what: 'summer time ends in New York', ends: '2027-12-07', year: 2027 }),
  // Paris is an hour ahead: its year begins at 23:00 UTC.
  day('2026-12-31T22:50', 'month', { what: 'the year ends in Paris', ends: '2027-01-31', year: 2027 }),
  day('2027-12-31T22:30', 'month', { what: 'the last minutes of the year in Paris', ends: '2028-01-31', year: 2027 }),
  day('2027-12-31T22:50', 'month', { what: 'the year ends in Paris', ends: '2028-01-31', year: 2028 }),
  day('2027-12-31T23:50', 'year', { what: 'the year ends in UTC', ends: '2028-12-31', year: 2028 }),
  day('2028-01-01T00:10', 'month', { what: 'the first minutes of a year', ends: '2028-02-01', year: 2028 }),
  day('2028-12-31T22:50', 'year', { what: 'a leap year ends in Paris', ends: '2029-12-31', year: 2029 }),
  day('2029-12-31T23:50', 'month', { what: 'the year ends in UTC', ends: '2030-01-31', year: 2030 }),
];
