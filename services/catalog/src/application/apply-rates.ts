import { type Commit, must } from '@quittance/kernel';

import { decideNewVersion } from '../domain/decide-publication.ts';
import { type CatalogMessage, refuseTooLarge } from '../domain/messages.ts';
import { type Catalog, documentOf, isPublished, type Product, type PublishedPlan } from '../domain/plan.ts';
import { type PriceChange, priceChanges } from '../domain/reconversion.ts';
import { type ChangeDeps } from './plan-changes.ts';
import { publishedEntry } from './publish-catalog.ts';
import { versionAfter } from './version-after.ts';

export interface Reconversion {
  readonly product: Product;
  readonly before: PublishedPlan;
  readonly after: PublishedPlan;
  readonly prices: readonly PriceChange[];
}

export interface ApplyRates {
  /** What `apply` would do now. */
  preview(): Promise<readonly Reconversion[]>;
  /**
   * Every plan on sale at today's rates, all of them or none; drafts stay drafts. `mayChange` throws unless the caller
   * has seen this.
   *
   * @throws as publishing but for texts
   */
  apply(mayChange: (seen: readonly Reconversion[]) => void): Promise<readonly Reconversion[]>;
}

export const makeApplyRates = (deps: ChangeDeps): ApplyRates => ({
  preview: async () => decide(await deps.store.load(), deps),
  apply: (mayChange) =>
    deps.changeCatalog(async (catalog) => {
      const changes = await decide(catalog, deps);
      mayChange(changes);
      return { commit: changes.length === 0 ? null : commitOf(changes, deps), answer: changes };
    }),
});

const commitOf = (changes: readonly Reconversion[], { store, policy }: ChangeDeps): Commit<CatalogMessage> => ({
  writes: changes.flatMap(({ product, before, after }) => [
    store.savePlan(product, after, before.version),
    store.addVersion(after),
  ]),
  messages: changes.map(({ product, after }) => ({ type: 'plan_published', product, plan: after })),
  audit: [
    {
      action: 'exchange_rates.applied',
      subject: { type: 'exchange_rates', id: must(policy.currencies[0], 'a base currency') },
      accountId: null,
      after: { plans: changes.map(({ product, after }) => `${product.key}/${after.key}`) },
    },
    ...changes.map(({ product, after }) => publishedEntry(product, after)),
  ],
});

const decide = async ({ products }: Catalog, deps: ChangeDeps): Promise<readonly Reconversion[]> => {
  const rates = await deps.store.rates();
  return products.flatMap((product) =>
    product.plans
      .filter(isPublished)
      .filter(({ status }) => status === 'published')
      .flatMap((before): readonly Reconversion[] => {
        const next = decideNewVersion({
          product,
          definition: { ...documentOf(before), key: before.key, accountId: before.accountId },
          existing: before,
          policy: deps.policy,
          rates,
          now: deps.clock.now(),
          nextVersion: versionAfter(before.version, deps),
          newId: deps.newId,
        });
        if (next === null) return [];
        const prices = priceChanges(before, next);
        const after = { ...next, draft: before.draft };
        refuseTooLarge({ type: 'plan_published', product, plan: after }, deps.eventBytes);
        return prices.length === 0 ? [] : [{ product, before, after, prices }];
      }),
  );
};
