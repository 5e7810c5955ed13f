import { type Currency } from '@quittance/money';

import { type Interval, type Price } from './plan.ts';

const INTERVALS: readonly Interval[] = ['month', 'year'];

/** At most one price an interval: the country's own where there is one, otherwise the general one. */
export const pricesFor = (prices: readonly Price[], currency: Currency, country: string | null): readonly Price[] =>
  INTERVALS.flatMap((interval) => {
    const offered = prices.filter((price) => price.currency === currency && price.interval === interval);
    const own = country === null ? undefined : offered.find(({ region }) => region === country);
    const chosen = own ?? offered.find(({ region }) => region === null);
    return chosen === undefined ? [] : [chosen];
  });
