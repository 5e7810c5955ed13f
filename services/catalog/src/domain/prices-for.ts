import { type Currency, cycleOf, type Interval } from '@quittance/money';

import { type Price } from './plan.ts';

/** At most one price an interval, the shortest first: the country's own where there is one, otherwise the general one. */
export const pricesFor = (prices: readonly Price[], currency: Currency, country: string | null): readonly Price[] => {
  const offered = prices.filter((price) => price.currency === currency);
  const intervals = [...new Set(offered.map(({ interval }) => interval))].toSorted(
    (a, b) => lengthOf(a) - lengthOf(b) || (a < b ? -1 : 1),
  );
  return intervals.flatMap((interval) => {
    const candidates = offered.filter((price) => price.interval === interval);
    const own = country === null ? undefined : candidates.find(({ region }) => region === country);
    const chosen = own ?? candidates.find(({ region }) => region === null);
    return chosen === undefined ? [] : [chosen];
  });
};

/** For the order only: a month is taken as 30.4 days. */
const DAYS = { day: 1, week: 7, month: 30.4, year: 365 } as const;

const lengthOf = (interval: Interval): number => {
  const { unit, count } = cycleOf(interval);
  return DAYS[unit] * count;
};
