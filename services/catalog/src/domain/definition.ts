import { type AccountId } from '@quittance/kernel';
import { type Currency } from '@quittance/money';

import {
  type Language,
  type Meter,
  type PlanDocument,
  type ProductTexts,
  type ProrationBasis,
  type TaxBehavior,
} from './plan.ts';

/** A plan as somebody wants it to be on sale. */
export interface PlanDefinition extends PlanDocument {
  readonly key: string;
  /** Null is for everybody. */
  readonly accountId: AccountId | null;
}

export interface ProductDefinition {
  readonly key: string;
  readonly prorationBasis: ProrationBasis;
  readonly texts: Readonly<Record<Language, ProductTexts>>;
  readonly meters: readonly Meter[];
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
  /** In these, people are used to prices with the tax in them: what is converted into them includes it. */
  readonly taxInclusive: readonly Currency[];
}

export const taxBehaviorIn = (currency: Currency, { taxInclusive }: Pick<CatalogPolicy, 'taxInclusive'>): TaxBehavior =>
  taxInclusive.includes(currency) ? 'inclusive' : 'exclusive';
