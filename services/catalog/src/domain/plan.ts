import { type AccountId, type Id } from '@quittance/kernel';
import { type Currency, type Interval } from '@quittance/money';

/** A BCP 47 language, `en`, `fr`, `ar`. */
export type Language = string;
export type TaxBehavior = 'exclusive' | 'inclusive';

/** What a plan gives: a switch, a limit, no limit, or a level by name. */
export type Entitlement =
  | { readonly kind: 'switch'; readonly feature: string; readonly enabled: boolean }
  | { readonly kind: 'limit'; readonly feature: string; readonly limit: number }
  | { readonly kind: 'unlimited'; readonly feature: string }
  | { readonly kind: 'level'; readonly feature: string; readonly level: string };

/** Under which key a plan's labels name a level. */
export const labelOfLevel = ({ feature, level }: { readonly feature: string; readonly level: string }): string =>
  `${feature}.${level}`;

export interface PriceTerms {
  readonly currency: Currency;
  readonly interval: Interval;
  /** ISO country, or null for everywhere. */
  readonly region: string | null;
  readonly amountMinor: bigint;
  readonly taxBehavior: TaxBehavior;
  /** Made from the price in the base currency when the version was published. */
  readonly converted: boolean;
}

export interface PlanTexts {
  readonly name: string;
  readonly description: string;
  /** What the button says. */
  readonly callToAction: string;
  /** Feature (and `feature.level`) → how the price card says it. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface ItemTexts {
  readonly name: string;
  readonly description: string;
}

/** A group of models with a quota of its own. */
export interface PlanItem {
  readonly key: string;
  readonly icon: string;
  readonly models: readonly string[];
  /** Per reset; −1 is unlimited. */
  readonly quota: number;
  readonly reset: 'day' | 'week' | 'month';
  readonly overage: 'block' | 'charge' | 'warn';
  readonly texts: Readonly<Record<Language, ItemTexts>>;
}

/** Everything a version freezes. */
export interface PlanContent {
  readonly rank: number;
  /** False for plans sold by people only. */
  readonly selfServe: boolean;
  readonly texts: Readonly<Record<Language, PlanTexts>>;
  readonly prices: readonly PriceTerms[];
  readonly entitlements: readonly Entitlement[];
  readonly items: readonly PlanItem[];
  /** 0: no trial. */
  readonly trialDays: number;
}

export interface Price extends PriceTerms {
  readonly id: Id<'prc'>;
}

export interface PlanVersion extends Omit<PlanContent, 'prices'> {
  readonly id: Id<'plv'>;
  readonly number: number;
  readonly publishedAt: Date;
  readonly prices: readonly Price[];
}

export interface Plan {
  readonly id: Id<'pln'>;
  readonly key: string;
  readonly editionKey: string;
  /** A custom plan: seen and bought by this account only. Null is for everybody. */
  readonly accountId: AccountId | null;
  readonly status: 'published' | 'retired';
  /** Of the aggregate; only grows. */
  readonly version: number;
  readonly updatedAt: Date;
  /** The current one. */
  readonly current: PlanVersion;
}

export interface ProductTexts {
  readonly name: string;
  readonly description: string;
}

/** How part of a period is counted: days of a 30-day month, or the real period to the millisecond. */
export type ProrationBasis = 'fixed30' | 'actual';

export interface Product {
  readonly id: Id<'prd'>;
  readonly key: string;
  readonly prorationBasis: ProrationBasis;
  readonly texts: Readonly<Record<Language, ProductTexts>>;
  readonly editions: Readonly<Record<string, Id<'edn'>>>;
  /** By rank. */
  readonly plans: readonly Plan[];
}

/** The whole catalogue at one revision. */
export interface Catalog {
  readonly revision: number;
  readonly products: readonly Product[];
}
