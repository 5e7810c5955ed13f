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

/** By a key that a caller chose: `constructor` is a feature like any other, and every plain object has one. */
export const labelIn = (labels: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

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

/** A price as somebody sets it; the other currencies follow from the base currency by exchange rate. */
export type PriceDefinition = Omit<PriceTerms, 'converted'>;

/** What an operator edits, price and all translations in one. Languages may be missing until it is published. */
export interface PlanDocument {
  readonly editionKey: string;
  readonly rank: number;
  /** False for plans sold by people only. */
  readonly selfServe: boolean;
  readonly texts: Readonly<Record<Language, PlanTexts>>;
  readonly prices: readonly PriceDefinition[];
  readonly entitlements: readonly Entitlement[];
  readonly items: readonly PlanItem[];
  /** 0: no trial. */
  readonly trialDays: number;
}

/** Everything a version freezes. */
export interface PlanContent extends Omit<PlanDocument, 'editionKey' | 'prices'> {
  readonly prices: readonly PriceTerms[];
  /** Its product's, when it was published. */
  readonly prorationBasis: ProrationBasis;
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
  readonly status: 'draft' | 'published' | 'retired';
  /** Of the aggregate; only grows. */
  readonly version: number;
  readonly updatedAt: Date;
  /** Null until it is published for the first time. */
  readonly current: PlanVersion | null;
  /** Edited since it was last published; null when nothing was. */
  readonly draft: PlanDocument | null;
}

/** One that is on sale, or was. */
export interface PublishedPlan extends Plan {
  readonly current: PlanVersion;
}

export const isPublished = (plan: Plan): plan is PublishedPlan => plan.current !== null;

/** What is on sale, as a document to edit. */
export const documentOf = ({ editionKey, current }: PublishedPlan): PlanDocument => ({
  editionKey,
  rank: current.rank,
  selfServe: current.selfServe,
  texts: current.texts,
  prices: current.prices
    .filter(({ converted }) => !converted)
    .map(({ currency, interval, region, amountMinor, taxBehavior }) => ({
      currency,
      interval,
      region,
      amountMinor,
      taxBehavior,
    })),
  entitlements: current.entitlements,
  items: current.items,
  trialDays: current.trialDays,
});

export interface ProductTexts {
  readonly name: string;
  readonly description: string;
}

/** How usage of a product is counted. The sum, the highest or the latest value of a period: calls, seats, storage. */
export interface Meter {
  readonly key: string;
  readonly unit: string;
  readonly aggregation: 'sum' | 'max' | 'last';
  readonly texts: Readonly<Record<Language, { readonly name: string }>>;
}

/** How part of a period is counted: days of a 30-day month, or the real period to the millisecond. */
export type ProrationBasis = 'fixed30' | 'actual';

export interface Product {
  readonly id: Id<'prd'>;
  readonly key: string;
  /** Of versions to come: those published keep theirs. */
  readonly prorationBasis: ProrationBasis;
  readonly texts: Readonly<Record<Language, ProductTexts>>;
  readonly editions: Readonly<Record<string, Id<'edn'>>>;
  readonly meters: readonly Meter[];
  /** Of the aggregate; only grows. */
  readonly version: number;
  /** By rank, drafts last. */
  readonly plans: readonly Plan[];
}

/** The whole catalogue at one revision. */
export interface Catalog {
  readonly revision: number;
  readonly products: readonly Product[];
}
