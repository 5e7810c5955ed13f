import { type Id } from '@quittance/kernel';

import { refuseMissing } from './check-document.ts';
import { type CatalogPolicy, type ExchangeRate, type PlanDefinition, type ProductDefinition } from './definition.ts';
import { catalogFail } from './errors.ts';
import { missingPrices } from './missing-prices.ts';
import { missingTranslations } from './missing-translations.ts';
import { documentOf, isPublished, type Plan, type PlanContent, type PriceTerms, type PublishedPlan } from './plan.ts';
import { pricesInEveryCurrency } from './prices-in-every-currency.ts';

export interface PublicationFacts {
  readonly product: Pick<ProductDefinition, 'key' | 'texts' | 'meters' | 'prorationBasis'>;
  readonly definition: PlanDefinition;
  /** The plan of this key as it is; null before its first publication. */
  readonly existing: Plan | null;
  readonly policy: CatalogPolicy;
  readonly rates: readonly ExchangeRate[];
  readonly now: Date;
  /** Of the aggregate, should anything change. */
  readonly nextVersion: number;
  readonly newId: <Prefix extends 'pln' | 'plv' | 'prc'>(prefix: Prefix) => Id<Prefix>;
}

/**
 * The plan with a new current version, or null when what is on sale says the same already.
 *
 * @throws `catalog.translation_missing` while a supported language lacks a text, and as `decideNewVersion`.
 */
export const decidePublication = (facts: PublicationFacts): PublishedPlan | null => {
  const { product, definition, policy } = facts;
  refuseMissing(missingTranslations(product, definition, policy.languages), {
    product: product.key,
    plan: definition.key,
  });
  return decideNewVersion(facts);
};

/**
 * The same for what is on sale already, whose texts were looked at then: a language that came since holds up no price.
 *
 * @throws `catalog.price_missing`, `catalog.rate_missing`, `catalog.price_too_high`, `catalog.price_too_low`.
 */
export const decideNewVersion = (facts: PublicationFacts): PublishedPlan | null => {
  const { product, definition, existing, policy } = facts;
  refusePriceless(facts);
  const content: PlanContent = {
    rank: definition.rank,
    selfServe: definition.selfServe,
    texts: definition.texts,
    prices: pricesInEveryCurrency(definition.prices, policy, {
      rates: facts.rates,
      selfServe: definition.selfServe,
    }),
    entitlements: definition.entitlements,
    items: definition.items,
    trialDays: definition.trialDays,
    prorationBasis: product.prorationBasis,
  };
  const unchanged =
    existing?.status === 'published' &&
    existing.current !== null &&
    existing.editionKey === definition.editionKey &&
    fingerprint(existing.current) === fingerprint(content);
  if (unchanged) return null;
  return {
    id: existing?.id ?? facts.newId('pln'),
    key: definition.key,
    editionKey: definition.editionKey,
    accountId: definition.accountId,
    status: 'published',
    version: facts.nextVersion,
    updatedAt: facts.now,
    current: {
      ...content,
      id: facts.newId('plv'),
      number: (existing?.current?.number ?? 0) + 1,
      publishedAt: facts.now,
      prices: content.prices.map((price) => ({ ...price, id: facts.newId('prc') })),
    },
    draft: null,
  };
};

/** What publishing would put on sale: the edited document, or else what is on sale already. */
export const definitionOf = (plan: Plan): PlanDefinition | null => {
  const document = plan.draft ?? (isPublished(plan) ? documentOf(plan) : null);
  return document && { ...document, key: plan.key, accountId: plan.accountId };
};

const refusePriceless = ({ product, definition, policy }: PublicationFacts): void => {
  const missing = missingPrices(definition, policy);
  if (missing.length === 0) return;
  const named = missing.map(({ interval, currency }) => `${currency} per ${interval}`).join(', ');
  throw catalogFail(
    'catalog.price_missing',
    `${product.key}/${definition.key} has no price for everywhere in ${named}.`,
    {
      details: { product: product.key, plan: definition.key, missing },
    },
  );
};

/** Equal for equal content, whatever the order of keys, prices and ids. */
const fingerprint = (content: PlanContent): string =>
  JSON.stringify([
    content.rank,
    content.selfServe,
    sorted(content.texts),
    content.prices.map(priceLine).toSorted(),
    sorted(content.entitlements),
    sorted(content.items),
    content.trialDays,
    content.prorationBasis,
  ]);

const priceLine = (price: PriceTerms): string =>
  [price.currency, price.interval, price.region ?? '*', price.amountMinor, price.taxBehavior, price.converted].join(
    ' ',
  );

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]: [string, unknown]) => [key, sorted(inner)]),
  );
};
