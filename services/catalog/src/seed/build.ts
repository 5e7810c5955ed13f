import { type Currency } from '@quittance/money';

import { type ExchangeRate, type PlanDefinition, type ProductDefinition } from '../domain/definition.ts';
import { type Entitlement, type PriceDefinition } from '../domain/plan.ts';

/** Whether tax is in it follows from its currency, as with converted prices. */
export type SeedPrice = Omit<PriceDefinition, 'taxBehavior'>;

export interface SeedProduct extends Omit<ProductDefinition, 'plans'> {
  readonly plans: readonly (Omit<PlanDefinition, 'prices'> & { readonly prices: readonly SeedPrice[] })[];
}

export interface Seed {
  readonly products: readonly SeedProduct[];
  /** From the US dollar, in which everything has a price. */
  readonly rates: readonly ExchangeRate[];
}

/** Month and year of one currency, in minor units. */
export const price = (currency: Currency, monthMinor: bigint, yearMinor: bigint): readonly SeedPrice[] => [
  { currency, region: null, interval: 'month', amountMinor: monthMinor },
  { currency, region: null, interval: 'year', amountMinor: yearMinor },
];

/** The same, for one country only. */
export const priceIn = (country: string, prices: readonly SeedPrice[]): readonly SeedPrice[] =>
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
