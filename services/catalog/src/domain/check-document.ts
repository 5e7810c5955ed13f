import { cycleOf, type Interval } from '@quittance/money';

import { type CatalogPolicy } from './definition.ts';
import { catalogFail } from './errors.ts';
import { type MissingText } from './missing-translations.ts';
import { type Language, type PlanDocument, type Product } from './plan.ts';

/**
 * Refuses a document that could never be published, already when it is saved; and again when it is published.
 *
 * @throws `catalog.duplicate`, `catalog.edition_unknown`, `catalog.unsupported_currency`, `catalog.unsupported_language`
 */
export const checkDocument = (
  document: PlanDocument,
  { product, before }: { readonly product: Product; readonly before: PlanDocument | null },
  policy: CatalogPolicy,
): void => {
  const editions = Object.keys(product.editions);
  if (!editions.includes(document.editionKey)) {
    throw catalogFail('catalog.edition_unknown', `${product.key} has no edition ${document.editionKey}.`, {
      details: { editions },
    });
  }
  refuseStrangeLanguages(textsOf(document), { before: before === null ? [] : textsOf(before), policy });
  refuseStrangeCurrencies(
    document.prices.map(({ currency }) => currency),
    policy.currencies,
  );
  refuseDuplicates([
    ...document.prices.map(
      ({ currency, interval, region }) => `price ${currency} ${interval} ${region ?? 'everywhere'}`,
    ),
    ...document.entitlements.map(({ feature }) => `entitlement ${feature}`),
    ...document.items.map(({ key }) => `item ${key}`),
    // Which of two quotas a model counts against, nobody could say.
    ...document.items.flatMap(({ models }) => models.map((model) => `model ${model}`)),
  ]);
  refuseSameCycles([...new Set(document.prices.map(({ interval }) => interval))]);
};

/** A year under two names would be two prices for one thing, and a currency might have the one without the other. */
const refuseSameCycles = (intervals: readonly Interval[]): void => {
  const named = Map.groupBy(intervals, inMonthsOrDays);
  const duplicates = [...named.values()]
    .filter((names) => names.length > 1)
    .map((names) => `interval ${names.join(' = ')}`);
  if (duplicates.length === 0) return;
  throw catalogFail('catalog.duplicate', `One cycle under two names: ${duplicates.join(', ')}.`, {
    details: { duplicates },
  });
};

/** A year is twelve months, a week seven days; a month is no number of days. */
const inMonthsOrDays = (interval: Interval): string => {
  const { unit, count } = cycleOf(interval);
  if (unit === 'month' || unit === 'year') return `${unit === 'year' ? count * 12 : count} months`;
  return `${unit === 'week' ? count * 7 : count} days`;
};

type Texts = Readonly<Record<Language, unknown>>;

const textsOf = ({ texts, items }: PlanDocument): readonly Texts[] => [texts, ...items.map((item) => item.texts)];

/**
 * A text in a language that is not configured would be kept and never shown. Those of a language that was configured
 * once stay: whoever writes back what was read loses nothing.
 */
export const refuseStrangeLanguages = (
  texts: readonly Texts[],
  { before, policy }: { readonly before: readonly Texts[]; readonly policy: Pick<CatalogPolicy, 'languages'> },
): void => {
  const known = new Set([...policy.languages, ...before.flatMap(Object.keys)]);
  const strange = [...new Set(texts.flatMap(Object.keys))].filter((language) => !known.has(language));
  if (strange.length === 0) return;
  throw catalogFail('catalog.unsupported_language', `There are no texts in ${strange.join(', ')} here.`, {
    details: { strange, supported: policy.languages },
  });
};

export const refuseStrangeCurrencies = (named: readonly string[], supported: readonly string[]): void => {
  const strange = [...new Set(named)].filter((currency) => !supported.includes(currency));
  if (strange.length === 0) return;
  throw catalogFail('catalog.unsupported_currency', `Nothing is sold or converted in ${strange.join(', ')} here.`, {
    details: { strange, supported },
  });
};

export const refuseDuplicates = (said: readonly string[]): void => {
  const duplicates = [...new Set(said.filter((entry, index) => said.indexOf(entry) !== index))];
  if (duplicates.length === 0) return;
  throw catalogFail('catalog.duplicate', `Said twice: ${duplicates.join(', ')}.`, { details: { duplicates } });
};

export const refuseMissing = (
  missing: readonly MissingText[],
  about: { readonly product: string; readonly plan?: string },
): void => {
  if (missing.length === 0) return;
  const languages = [...new Set(missing.map(({ language }) => language))].join(', ');
  const named = about.plan === undefined ? about.product : `${about.product}/${about.plan}`;
  throw catalogFail('catalog.translation_missing', `Texts of ${named} are missing in ${languages}.`, {
    details: { ...about, missing },
  });
};
