import { type AuditEntry, type Write } from '@quittance/kernel';

import { decidePublication } from '../domain/decide-publication.ts';
import { type CatalogDefinition, type ExchangeRate, type ProductDefinition } from '../domain/definition.ts';
import { refuseTooLarge } from '../domain/messages.ts';
import { type Catalog, type Product, type PublishedPlan } from '../domain/plan.ts';
import { type ChangeDeps } from './plan-changes.ts';
import { type CatalogStore } from './ports.ts';

/** Keys of the plans that got a new version; those that said the same already are not among them. */
export type PublishCatalog = (definition: CatalogDefinition) => Promise<readonly string[]>;

/**
 * Puts plans on sale, all of them or none. What is already on sale word for word stays as it is, and plans the
 * definition does not name are left alone.
 *
 * @throws `catalog.translation_missing`, `catalog.rate_missing`, `catalog.plan_too_large`,
 * `platform.version_conflict` when somebody else published meanwhile.
 */
export const makePublishCatalog =
  (deps: ChangeDeps): PublishCatalog =>
  async (definition) => {
    const [catalog, storedRates] = await Promise.all([deps.store.load(), deps.store.rates()]);
    const decisions = definition.products.map((product) =>
      decideProduct(product, { catalog, rates: [...storedRates, ...definition.rates] }, deps),
    );
    const published = decisions.flatMap(({ product, plans }) => plans.map((plan) => ({ product, plan })));
    if (published.length === 0) return [];
    for (const { product, plan } of published) {
      refuseTooLarge({ type: 'plan_published', product, plan }, deps.eventBytes);
    }

    const revision = Math.max(catalog.revision + 1, deps.wallClock.nowMs());
    await deps.unitOfWork.commit({
      writes: [
        deps.store.moveOn(catalog.revision, revision),
        deps.store.addRates(definition.rates),
        ...decisions.flatMap((decision) => writesOf(decision, deps.store)),
      ],
      messages: published.map(({ product, plan }) => ({ type: 'plan_published', product, plan })),
      audit: published.map(({ product, plan }) => publishedEntry(product, plan)),
    });
    return published.map(({ product, plan }) => `${product.key}/${plan.key}`);
  };

interface ProductDecision {
  readonly product: Product;
  /** The plans that get a new version. */
  readonly plans: readonly PublishedPlan[];
  readonly before: Product | null;
}

const decideProduct = (
  definition: ProductDefinition,
  { catalog, rates }: { readonly catalog: Catalog; readonly rates: readonly ExchangeRate[] },
  deps: ChangeDeps,
): ProductDecision => {
  const existing = catalog.products.find(({ key }) => key === definition.key) ?? null;
  const editionKeys = [...new Set(definition.plans.map(({ editionKey }) => editionKey))];
  const product: Product = {
    id: existing?.id ?? deps.newId('prd'),
    key: definition.key,
    // What an operator may have changed since stays.
    prorationBasis: existing?.prorationBasis ?? definition.prorationBasis,
    texts: existing?.texts ?? definition.texts,
    meters: existing === null || existing.meters.length === 0 ? definition.meters : existing.meters,
    version: Math.max((existing?.version ?? 0) + 1, deps.wallClock.nowMs()),
    editions: {
      ...Object.fromEntries(editionKeys.map((key) => [key, deps.newId('edn')] as const)),
      ...existing?.editions,
    },
    plans: existing?.plans ?? [],
  };
  const plans = definition.plans.flatMap((plan) => {
    const before = product.plans.find(({ key }) => key === plan.key) ?? null;
    const after = decidePublication({
      product,
      definition: plan,
      existing: before,
      policy: deps.policy,
      rates,
      now: deps.clock.now(),
      nextVersion: Math.max((before?.version ?? 0) + 1, deps.wallClock.nowMs()),
      newId: deps.newId,
    });
    return after === null ? [] : [after];
  });
  return { product, plans, before: existing };
};

const writesOf = ({ product, plans, before }: ProductDecision, store: CatalogStore): readonly Write[] =>
  plans.length === 0
    ? []
    : [
        before === null ? store.insertProduct(product) : store.updateProduct(product, before.version),
        ...plans.flatMap((plan) => [
          store.savePlan(product, plan, versionBefore(before, plan.id)),
          store.addVersion(plan),
        ]),
      ];

const versionBefore = (product: Product | null, planId: string): number | null =>
  product?.plans.find(({ id }) => id === planId)?.version ?? null;

export const publishedEntry = (product: Pick<Product, 'key'>, plan: PublishedPlan): AuditEntry => ({
  action: 'plan.published',
  subject: { type: 'plan', id: plan.id },
  accountId: plan.accountId,
  after: {
    product: product.key,
    plan: plan.key,
    planVersionId: plan.current.id,
    versionNumber: plan.current.number,
    selfServe: plan.current.selfServe,
  },
});
