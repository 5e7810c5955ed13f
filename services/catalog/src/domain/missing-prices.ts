import { must } from '@quittance/kernel';
import { type Currency, type Interval } from '@quittance/money';

import { type CatalogPolicy, type PlanDefinition } from './definition.ts';

export interface MissingPrice {
  readonly interval: Interval;
  readonly currency: Currency;
}

/**
 * What a plan lacks before people may buy it by themselves. For everybody: a price for everywhere in the base currency
 * for each interval it is offered in, because every other currency follows from that one. For one account: any price,
 * it pays what was agreed.
 */
export const missingPrices = (
  { selfServe, accountId, prices }: Pick<PlanDefinition, 'selfServe' | 'accountId' | 'prices'>,
  { currencies }: Pick<CatalogPolicy, 'currencies'>,
): readonly MissingPrice[] => {
  const base = must(currencies[0], 'a base currency');
  if (!selfServe) return [];
  if (prices.length === 0) return [{ interval: 'month', currency: base }];
  if (accountId !== null) return [];
  const general = prices.filter(({ currency, region }) => currency === base && region === null);
  return [...new Set(prices.map(({ interval }) => interval))]
    .filter((interval) => !general.some((price) => price.interval === interval))
    .map((interval) => ({ interval, currency: base }));
};
