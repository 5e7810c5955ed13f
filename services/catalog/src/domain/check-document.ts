import { type CatalogPolicy } from './definition.ts';
import { catalogFail } from './errors.ts';
import { type PlanDocument, type Product } from './plan.ts';

/**
 * Refuses a document that could never be published, already when it is saved.
 *
 * @throws `catalog.duplicate`, `catalog.edition_unknown`, `catalog.unsupported_currency`
 */
export const checkDocument = (document: PlanDocument, product: Product, policy: CatalogPolicy): void => {
  const editions = Object.keys(product.editions);
  if (!editions.includes(document.editionKey)) {
    throw catalogFail('catalog.edition_unknown', `${product.key} has no edition ${document.editionKey}.`, {
      details: { editions },
    });
  }
  const strange = document.prices.find(({ currency }) => !policy.currencies.includes(currency));
  if (strange !== undefined) {
    throw catalogFail('catalog.unsupported_currency', `Prices are not set in ${strange.currency}.`, {
      details: { supported: policy.currencies },
    });
  }
  refuseDuplicates([
    ...document.prices.map(
      ({ currency, interval, region }) => `price ${currency} ${interval} ${region ?? 'everywhere'}`,
    ),
    ...document.entitlements.map(({ feature }) => `entitlement ${feature}`),
    ...document.items.map(({ key }) => `item ${key}`),
  ]);
};

export const refuseDuplicates = (said: readonly string[]): void => {
  const duplicates = [...new Set(said.filter((entry, index) => said.indexOf(entry) !== index))];
  if (duplicates.length === 0) return;
  throw catalogFail('catalog.duplicate', `Said twice: ${duplicates.join(', ')}.`, { details: { duplicates } });
};
