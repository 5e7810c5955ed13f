import { type AccountId, isCountry, must } from '@quittance/kernel';
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
  /** What the account's billing profile says; null where it does not, or nobody's prices are asked for. */
  readonly profile: {
    readonly country: string | null;
    readonly currency: string | null;
    readonly language: string | null;
  };
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
 * Senegal is shown Senegal's currency and Senegal's prices, never one without the other. What an account's billing
 * profile says of both goes before what is asked for; the language it was begun in is taken where the reader names none of
 * ours. The answer says whose prices they are, and an order names that country.
 *
 * @throws `catalog.unsupported_language`, `catalog.unsupported_currency`, `catalog.unknown_product`
 */
export const makeReadPricing =
  (deps: { readonly currentCatalog: CurrentCatalog; readonly policy: CatalogPolicy }): ReadPricing =>
  async (question) => {
    const { policy } = deps;
    const language = chooseLanguage(question, policy);
    const country = question.profile.country ?? question.country ?? countryOf(question.acceptedLanguages);
    const currency = chooseCurrency(question, country, policy);
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
        plans: plans.map((plan) => ({ plan, prices: pricesShown(plan, currency, country) })),
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

const chooseLanguage = ({ language, acceptedLanguages, profile }: PricingQuestion, policy: CatalogPolicy): Language => {
  const supported = (tag: string): Language | undefined => {
    const primary = tag.toLowerCase().split('-')[0];
    return policy.languages.find((known) => known === primary);
  };
  if (language === null) {
    const wanted = [...acceptedLanguages, ...(profile.language === null ? [] : [profile.language])];
    const accepted = wanted.map(supported).find((known) => known !== undefined);
    return accepted ?? must(policy.languages[0], 'a language');
  }
  const asked = supported(language);
  if (asked !== undefined) return asked;
  throw catalogFail('catalog.unsupported_language', `Prices are not told in ${language}.`, {
    details: { asked: language, supported: policy.languages },
  });
};

/**
 * A custom plan has the prices that were agreed, often in one currency only: the account it is for must see them, in
 * whatever currency the others are shown.
 */
const pricesShown = (plan: PublishedPlan, currency: Currency, country: string | null): readonly Price[] => {
  const { prices } = plan.current;
  const shown = pricesFor(prices, currency, country);
  if (shown.length > 0 || plan.accountId === null) return shown;
  const currencies = new Set(prices.map((price) => price.currency));
  return [...currencies].flatMap((each) => pricesFor(prices, each, country));
};

/**
 * That of the profile; else asked for by name; else that of the country, which is the one asked for or named by the
 * reader's languages (fr-SN). A name that is no currency of ours is refused whatever the profile says.
 */
const chooseCurrency = (
  { currency, profile }: PricingQuestion,
  country: string | null,
  policy: CatalogPolicy,
): Currency => {
  const base = must(policy.currencies[0], 'a currency');
  const known = (wanted: string | null) => policy.currencies.find((each) => each === wanted);
  const asked = known(currency);
  if (currency !== null && asked === undefined) {
    throw catalogFail('catalog.unsupported_currency', `Prices are not set in ${currency}.`, {
      details: { asked: currency, supported: policy.currencies },
    });
  }
  const chosen = known(profile.currency) ?? asked;
  if (chosen !== undefined) return chosen;
  return country === null ? base : currencyOfCountry(country, [base, ...policy.currencies.slice(1)]);
};

const REGION = /^[a-z]{2,3}-(?:[a-z]{4}-)?([a-z]{2})\b/i;

/** Of the first that names one: `en-UK` and `es-419` name none, and nothing could be ordered from there. */
const countryOf = (languages: readonly string[]): string | null =>
  languages
    .map((tag) => REGION.exec(tag)?.[1]?.toUpperCase())
    .find((country) => country !== undefined && isCountry(country)) ?? null;
