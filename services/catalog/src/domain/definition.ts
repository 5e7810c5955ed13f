import { type AccountId } from '@quittance/kernel';
import { type Currency, type Interval } from '@quittance/money';

import {
  type Entitlement,
  type Language,
  type PlanItem,
  type PlanTexts,
  type ProductTexts,
  type ProrationBasis,
  type TaxBehavior,
} from './plan.ts';

/** A price as somebody sets it; the other currencies follow from the base currency by exchange rate. */
export interface PriceDefinition {
  readonly currency: Currency;
  readonly interval: Interval;
  readonly region: string | null;
  readonly amountMinor: bigint;
  readonly taxBehavior: TaxBehavior;
}

/** A plan as somebody wants it to be on sale. */
export interface PlanDefinition {
  readonly key: string;
  readonly editionKey: string;
  /** Null is for everybody. */
  readonly accountId: AccountId | null;
  readonly rank: number;
  readonly selfServe: boolean;
  readonly texts: Readonly<Record<Language, PlanTexts>>;
  readonly prices: readonly PriceDefinition[];
  readonly entitlements: readonly Entitlement[];
  readonly items: readonly PlanItem[];
  readonly trialDays: number;
}

export interface ProductDefinition {
  readonly key: string;
  readonly prorationBasis: ProrationBasis;
  readonly texts: Readonly<Record<Language, ProductTexts>>;
  readonly plans: readonly PlanDefinition[];
}

/** How many of `quote` one of `base` is worth, as numerator ÷ 10^8. */
export interface ExchangeRate {
  readonly base: Currency;
  readonly quote: Currency;
  readonly rateE8: bigint;
  readonly asOf: Date;
}

export interface CatalogDefinition {
  readonly products: readonly ProductDefinition[];
  readonly rates: readonly ExchangeRate[];
}

/** What is sold in, and what it must be told in before it may be sold. */
export interface CatalogPolicy {
  /** The first is the fallback. */
  readonly languages: readonly Language[];
  /** The first is the base that others are converted from. */
  readonly currencies: readonly Currency[];
}
