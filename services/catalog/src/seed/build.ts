import { type Currency } from '@quittance/money';

import { type ExchangeRate } from '../domain/definition.ts';
import { type Entitlement, type PriceDefinition } from '../domain/plan.ts';

/** Month and year of one currency, in minor units. In the euro area and the UK people are shown prices with tax. */
export const price = (currency: Currency, monthMinor: bigint, yearMinor: bigint): readonly PriceDefinition[] => {
  const terms = {
    currency,
    region: null,
    taxBehavior: currency === 'EUR' || currency === 'GBP' ? 'inclusive' : 'exclusive',
  } as const;
  return [
    { ...terms, interval: 'month', amountMinor: monthMinor },
    { ...terms, interval: 'year', amountMinor: yearMinor },
  ];
};

/** The same, for one country only. */
export const priceIn = (country: string, prices: readonly PriceDefinition[]): readonly PriceDefinition[] =>
  prices.map((each) => ({ ...each, region: country }));

/** One US dollar in another currency, in hundred-millionths. */
export const perDollar = (quote: Currency, rateE8: bigint, asOf: string): ExchangeRate => ({
  base: 'USD',
  quote,
  rateE8,
  asOf: new Date(asOf),
});

export const allow = (feature: string): Entitlement => ({ kind: 'switch', feature, enabled: true });
export const deny = (feature: string): Entitlement => ({ kind: 'switch', feature, enabled: false });
export const limit = (feature: string, most: number): Entitlement => ({ kind: 'limit', feature, limit: most });
export const unlimited = (feature: string): Entitlement => ({ kind: 'unlimited', feature });
export const level = (feature: string, name: string): Entitlement => ({ kind: 'level', feature, level: name });
