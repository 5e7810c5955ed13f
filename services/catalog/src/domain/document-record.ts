import { assertNever } from '@quittance/kernel';
import { money, toDecimal } from '@quittance/money';

import { type Entitlement, labelOfLevel, type PlanDocument, type PlanItem, type Product } from './plan.ts';

/** So many changed texts a record names; it has to fit a message. */
const CHANGED_TEXTS_MAX = 100;

/** A plan's document as the audit trail tells it, without its texts. */
export const recordOfDocument = (document: PlanDocument) => ({
  edition: document.editionKey,
  rank: document.rank,
  selfServe: document.selfServe,
  trialDays: document.trialDays,
  prices: pricesOf(document),
  entitlements: document.entitlements.map(entitlementText),
  items: document.items.map(itemText),
});

/** A product as the audit trail tells it, without its texts. */
export const recordOfProduct = (product: Product) => ({
  product: product.key,
  prorationBasis: product.prorationBasis,
  editions: Object.keys(product.editions),
  meters: product.meters.map(({ key, aggregation, unit }) => `${key} (${aggregation} of ${unit})`),
});

/** `fr.name`, `ar.labels.seats`, `en.items.chat.description`: what the texts of two documents differ in. */
export const changedTextsOfDocument = (before: PlanDocument, after: PlanDocument): readonly string[] =>
  changed(textsOfDocument(before), textsOfDocument(after));

/** `fr.name`, `ar.meters.calls.name`: what the texts of a product differ in. */
export const changedTextsOfProduct = (before: Product, after: Product): readonly string[] =>
  changed(textsOfProduct(before), textsOfProduct(after));

/** `99.00 USD per month`. */
const pricesOf = ({ prices }: PlanDocument): readonly string[] =>
  prices.map(
    ({ amountMinor, currency, interval, region }) =>
      `${toDecimal(money(amountMinor, currency))} ${currency} per ${interval}${region === null ? '' : ` in ${region}`}`,
  );

const entitlementText = (entitlement: Entitlement): string => {
  switch (entitlement.kind) {
    case 'switch':
      return `${entitlement.feature}: ${entitlement.enabled ? 'on' : 'off'}`;
    case 'limit':
      return `${entitlement.feature}: ${entitlement.limit}`;
    case 'unlimited':
      return `${entitlement.feature}: unlimited`;
    case 'level':
      return labelOfLevel(entitlement);
    default:
      return assertNever(entitlement);
  }
};

const itemText = ({ key, models, quota, reset, overage }: PlanItem): string =>
  `${key}: ${quota < 0 ? 'unlimited' : quota} per ${reset}, then ${overage} (${models.join(', ')})`;

type Texts = readonly (readonly [path: string, text: string])[];

const textsOfDocument = ({ texts, items }: PlanDocument): Texts => [
  ...Object.entries(texts).flatMap(([language, { name, description, callToAction, labels }]): Texts => [
    [`${language}.name`, name],
    [`${language}.description`, description],
    [`${language}.callToAction`, callToAction],
    ...Object.entries(labels).map(([label, text]) => [`${language}.labels.${label}`, text] as const),
  ]),
  ...items.flatMap((item) =>
    Object.entries(item.texts).flatMap(([language, { name, description }]): Texts => [
      [`${language}.items.${item.key}.name`, name],
      [`${language}.items.${item.key}.description`, description],
    ]),
  ),
];

const textsOfProduct = ({ texts, meters }: Product): Texts => [
  ...Object.entries(texts).flatMap(([language, { name, description }]): Texts => [
    [`${language}.name`, name],
    [`${language}.description`, description],
  ]),
  ...meters.flatMap((meter) =>
    Object.entries(meter.texts).map(([language, { name }]) => [`${language}.meters.${meter.key}.name`, name] as const),
  ),
];

const changed = (before: Texts, after: Texts): readonly string[] => {
  const [then, now] = [new Map(before), new Map(after)];
  const paths = [...new Set([...then.keys(), ...now.keys()])].filter((path) => then.get(path) !== now.get(path));
  const more = paths.length - CHANGED_TEXTS_MAX;
  return more > 0 ? [...paths.slice(0, CHANGED_TEXTS_MAX), `and ${more} more`] : paths;
};
