import { type AccountId, must } from '@quittance/kernel';
import { type Currency } from '@quittance/money';

import { currencyOfCountry } from '../domain/currency-of-country.ts';
import { type CatalogPolicy } from '../domain/definition.ts';
import { catalogFail } from '../domain/errors.ts';
import {
  type Catalog,
  isPublished,
  type Language,
  type Price,
  type Product,
  type PublishedPlan,
} from '../domain/plan.ts';
import { pricesFor } from '../domain/prices-for.ts';
import { type CurrentCatalog } from './current-catalog.ts';

export interface PricingQuestion {
  /** Asked for by name: an unsupported one is refused. */
  readonly language: string | null;
  /** What the reader would like, best first: the first supported one is taken. */
  readonly acceptedLanguages: readonly string[];
  readonly currency: string | null;
  readonly country: string | null;
  readonly productKey: string | null;
  /** Its custom plans are told too; null for the public page. */
  readonly accountId: AccountId | null;
}

export interface PricingView {
  readonly language: Language;
  readonly currency: Currency;
  /** Whose prices are told where a country has its own; null where nobody said. */
  readonly country: string | null;
  readonly policy: CatalogPolicy;
  readonly products: readonly {
    readonly product: Product;
    readonly plans: readonly { readonly plan: PublishedPlan; readonly prices: readonly Price[] }[];
  }[];
}

export type ReadPricing = (question: PricingQuestion) => Promise<PricingView>;

/**
 * Every plan on sale to everybody, in one language and one currency. Who names no country but prefers the French of
 * Senegal is shown Senegal's currency and Senegal's prices, never one without the other.
 *
 * @throws `catalog.unsupported_language`, `catalog.unsupported_currency`, `catalog.unknown_product`
 */
export const makeReadPricing =
  (deps: { readonly currentCatalog: CurrentCatalog; readonly policy: CatalogPolicy }): ReadPricing =>
  async (question) => {
    const { policy } = deps;
    const language = chooseLanguage(question, policy);
    const country = question.country ?? countryOf(question.acceptedLanguages);
    const currency = chooseCurrency(question.currency, country, policy);
    const onSale = onSaleTo(question.accountId, await deps.currentCatalog());
    const asked = onSale.filter(({ product: { key } }) => question.productKey === null || key === question.productKey);
    if (question.productKey !== null && asked.length === 0) {
      throw catalogFail('catalog.unknown_product', `Nothing of a product ${question.productKey} is on sale.`, {
        details: { products: onSale.map(({ product: { key } }) => key) },
      });
    }
    return {
      language,
      currency,
      country,
      policy,
      products: asked.map(({ product, plans }) => ({
        product,
        plans: plans.map((plan) => ({ plan, prices: pricesFor(plan.current.prices, currency, country) })),
      })),
    };
  };

/** A product that nobody can buy anything of is on no page. */
const onSaleTo = (accountId: AccountId | null, { products }: Catalog) =>
  products
    .map((product) => ({
      product,
      plans: product.plans.filter(isPublished).filter((plan) => plan.status === 'published' && isFor(plan, accountId)),
    }))
    .filter(({ plans }) => plans.length > 0);

/** To anybody else a custom plan does not exist. */
const isFor = (plan: PublishedPlan, accountId: AccountId | null): boolean =>
  plan.accountId === null || plan.accountId === accountId;

const chooseLanguage = ({ language, acceptedLanguages }: PricingQuestion, policy: CatalogPolicy): Language => {
  const supported = (tag: string): Language | undefined => {
    const primary = tag.toLowerCase().split('-')[0];
    return policy.languages.find((known) => known === primary);
  };
  if (language === null) {
    const accepted = acceptedLanguages.map(supported).find((known) => known !== undefined);
    return accepted ?? must(policy.languages[0], 'a language');
  }
  const asked = supported(language);
  if (asked !== undefined) return asked;
  throw catalogFail('catalog.unsupported_language', `Prices are not told in ${language}.`, {
    details: { asked: language, supported: policy.languages },
  });
};

/** Asked for by name; else that of the country asked for, or of the one the reader's languages name (fr-SN). */
const chooseCurrency = (currency: string | null, country: string | null, policy: CatalogPolicy): Currency => {
  const base = must(policy.currencies[0], 'a currency');
  if (currency === null) {
    return country === null ? base : currencyOfCountry(country, [base, ...policy.currencies.slice(1)]);
  }
  const asked = policy.currencies.find((known) => known === currency);
  if (asked !== undefined) return asked;
  throw catalogFail('catalog.unsupported_currency', `Prices are not set in ${currency}.`, {
    details: { asked: currency, supported: policy.currencies },
  });
};

const REGION = /^[a-z]{2,3}-(?:[a-z]{4}-)?([a-z]{2})\b/i;

const countryOf = (languages: readonly string[]): string | null =>
  languages.map((tag) => REGION.exec(tag)?.[1]?.toUpperCase()).find((country) => country !== undefined) ?? null;
