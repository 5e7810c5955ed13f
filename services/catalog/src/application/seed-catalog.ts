import { isLostRace } from '@quittance/kernel';

import { type CatalogDefinition, type ProductDefinition } from '../domain/definition.ts';
import { type CatalogStore } from './ports.ts';
import { type CatalogPublication, type PublishCatalog } from './publish-catalog.ts';

/** What it added. */
export type SeedCatalog = () => Promise<CatalogPublication>;

const TRIES_MAX = 5;

interface Deps {
  readonly store: Pick<CatalogStore, 'load'>;
  readonly publish: PublishCatalog;
  readonly seed: CatalogDefinition;
}

/**
 * Puts the plans of the seed on sale that are not there yet; those it has no words for in a configured language, as
 * drafts. A plan that exists is never touched: an operator may have changed it since. A transaction for each product, so
 * that a long list is no long transaction. Several replicas may seed at once; one wins each product, the others find it
 * done.
 */
export const makeSeedCatalog =
  (deps: Deps): SeedCatalog =>
  async () => {
    const added: CatalogPublication[] = [];
    for (const product of deps.seed.products) added.push(await seedProduct(deps, product));
    return { onSale: added.flatMap(({ onSale }) => onSale), drafts: added.flatMap(({ drafts }) => drafts) };
  };

const seedProduct = async (deps: Deps, product: ProductDefinition): Promise<CatalogPublication> => {
  for (let tries = 1; ; tries += 1) {
    try {
      const plans = await missingPlans(deps.store, product);
      if (plans.length === 0) return { onSale: [], drafts: [] };
      return await deps.publish({ products: [{ ...product, plans }], rates: deps.seed.rates });
    } catch (error) {
      if (!isLostRace(error) || tries === TRIES_MAX) throw error;
    }
  }
};

const missingPlans = async (
  store: Deps['store'],
  { key, plans }: ProductDefinition,
): Promise<ProductDefinition['plans']> => {
  const { products } = await store.load();
  const existing = new Set(products.find((product) => product.key === key)?.plans.map((plan) => plan.key));
  return plans.filter((plan) => !existing.has(plan.key));
};
