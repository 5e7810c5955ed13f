import { must } from '@quittance/kernel';
import { type Currency, divideRounded, exponentOf } from '@quittance/money';

import { type CatalogDefinition, type CatalogPolicy, type ExchangeRate, taxBehaviorIn } from '../domain/definition.ts';
import { type Language, type PriceDefinition } from '../domain/plan.ts';
import { type Seed, type SeedPrice, type SeedProduct } from './build.ts';
import { seed } from './plans.ts';

const E8 = 100_000_000n;
const DOLLAR = 'USD';

/**
 * The seed as this installation sells it: in its languages and currencies. Where the base currency is not the dollar
 * the seed is written in, what has no price in it gets one at the seed's own rate, and the other rates are told from it.
 */
export const seedFor = (policy: CatalogPolicy, { products, rates }: Seed = seed): CatalogDefinition => {
  const perDollarE8 = (currency: Currency): bigint =>
    currency === DOLLAR ? E8 : must(rates.find(({ quote }) => quote === currency)?.rateE8, `a rate for ${currency}`);
  const base = must(policy.currencies[0], 'a base currency');
  const rebased = (currency: Currency): bigint => divideRounded(perDollarE8(currency) * E8, perDollarE8(base));
  const asOf = must(rates[0], 'a rate').asOf;
  return {
    products: products.map((product) => ({
      ...inLanguages(product, policy.languages),
      plans: product.plans.map((plan) => ({
        ...inLanguages(plan, policy.languages),
        items: plan.items.map((item) => inLanguages(item, policy.languages)),
        prices: pricesIn(plan.prices, policy, perDollarE8(base)),
      })),
      meters: product.meters.map((meter) => inLanguages(meter, policy.languages)),
    })),
    rates: policy.currencies
      .filter((currency) => currency !== base)
      .map((quote): ExchangeRate => ({ base, quote, rateE8: rebased(quote), asOf })),
  };
};

const pricesIn = (
  prices: SeedProduct['plans'][number]['prices'],
  policy: CatalogPolicy,
  baseE8: bigint,
): readonly PriceDefinition[] => {
  const base = must(policy.currencies[0], 'a base currency');
  const own = prices.filter(isGeneral(base));
  const fromDollars = prices
    .filter(isGeneral(DOLLAR))
    .filter(({ interval }) => !own.some((price) => price.interval === interval))
    .map((price) => ({ ...price, currency: base, amountMinor: fromCents(price.amountMinor, base, baseE8) }));
  return [...prices.filter(({ currency }) => policy.currencies.includes(currency)), ...fromDollars].map((price) => ({
    ...price,
    taxBehavior: taxBehaviorIn(price.currency, policy),
  }));
};

const isGeneral = (currency: Currency) => (price: SeedPrice) => price.currency === currency && price.region === null;

/** Rounded once, half away from zero. */
const fromCents = (cents: bigint, currency: Currency, rateE8: bigint): bigint =>
  divideRounded(cents * rateE8 * 10n ** BigInt(exponentOf(currency)), E8 * 10n ** BigInt(exponentOf(DOLLAR)));

const inLanguages = <Told extends { readonly texts: Readonly<Record<Language, unknown>> }>(
  told: Told,
  languages: readonly Language[],
): Told => ({
  ...told,
  texts: Object.fromEntries(Object.entries(told.texts).filter(([language]) => languages.includes(language))),
});
