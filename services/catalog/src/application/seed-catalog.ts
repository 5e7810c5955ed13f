import { isDomainError } from '@quittance/kernel';

import { type CatalogDefinition } from '../domain/definition.ts';
import { type CatalogStore } from './ports.ts';
import { type PublishCatalog } from './publish-catalog.ts';

/** Keys of the plans it added. */
export type SeedCatalog = () => Promise<readonly string[]>;

const TRIES_MAX = 5;

/**
 * Puts the plans of the seed on sale that are not there yet. A plan that exists is never touched: an operator may have
 * changed it since. Several replicas may seed at once; one wins, the others find it done.
 */
export const makeSeedCatalog =
  (deps: {
    readonly store: Pick<CatalogStore, 'load'>;
    readonly publish: PublishCatalog;
    readonly seed: CatalogDefinition;
  }): SeedCatalog =>
  async () => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await deps.publish(await missingFrom(deps));
      } catch (error) {
        const lostRace = isDomainError(error) && error.code === 'platform.version_conflict';
        if (!lostRace || tries === TRIES_MAX) throw error;
      }
    }
  };

const missingFrom = async ({
  store,
  seed,
}: {
  readonly store: Pick<CatalogStore, 'load'>;
  readonly seed: CatalogDefinition;
}): Promise<CatalogDefinition> => {
  const catalog = await store.load();
  const exists = (productKey: string, planKey: string): boolean =>
    catalog.products.some(({ key, plans }) => key === productKey && plans.some((plan) => plan.key === planKey));
  return {
    rates: seed.rates,
    products: seed.products.map((product) => ({
      ...product,
      plans: product.plans.filter(({ key }) => !exists(product.key, key)),
    })),
  };
};
