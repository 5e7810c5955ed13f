import { type AuditEntry, type Write } from '@quittance/kernel';

import { decidePublication } from '../domain/decide-publication.ts';
import {
  type CatalogDefinition,
  type ExchangeRate,
  type PlanDefinition,
  type ProductDefinition,
} from '../domain/definition.ts';
import { refuseTooLarge } from '../domain/messages.ts';
import { missingTranslations } from '../domain/missing-translations.ts';
import { type Catalog, type Plan, type Product, type PublishedPlan } from '../domain/plan.ts';
import { type EditDeps, planEntry, type PlanOfProduct } from './plan-changes.ts';
import { type CatalogStore } from './ports.ts';
import { versionAfter } from './version-after.ts';

/** What became of a definition: keys of plans as `<product>/<plan>`. */
export interface CatalogPublication {
  /** Those that got a new version; what said the same already is not among them. */
  readonly onSale: readonly string[];
  /** New ones that lack a text in a configured language: they wait for it as drafts. */
  readonly drafts: readonly string[];
}

export type PublishCatalog = (definition: CatalogDefinition) => Promise<CatalogPublication>;

/**
 * Puts plans on sale, all of them or none. What is already on sale word for word stays as it is, and plans the
 * definition does not name are left alone. What is not told in every configured language is kept as a draft.
 *
 * @throws `catalog.rate_missing`, `catalog.plan_too_large`, `catalog.translation_missing` of a plan that is on sale,
 * `platform.version_conflict` when somebody else published meanwhile.
 */
export const makePublishCatalog =
  (deps: EditDeps): PublishCatalog =>
  async (definition) => {
    const [catalog, storedRates] = await Promise.all([deps.store.load(), deps.store.rates()]);
    const decisions = definition.products.map((product) =>
      decideProduct(product, { catalog, rates: [...storedRates, ...definition.rates] }, deps),
    );
    const published = decisions.flatMap(({ product, plans }) => plans.map((plan) => ({ product, plan })));
    const drafted = decisions.flatMap(({ product, drafts }) => drafts.map((plan) => ({ product, plan })));
    if (published.length + drafted.length === 0) return { onSale: [], drafts: [] };
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
      audit: [
        ...published.map(({ product, plan }) => publishedEntry(product, plan)),
        ...drafted.map((each) => planEntry('plan.created', each)),
      ],
    });
    return { onSale: published.map(nameOf), drafts: drafted.map(nameOf) };
  };

const nameOf = ({ product, plan }: PlanOfProduct): string => `${product.key}/${plan.key}`;

interface ProductDecision {
  readonly product: Product;
  /** The plans that get a new version. */
  readonly plans: readonly PublishedPlan[];
  readonly drafts: readonly Plan[];
  readonly before: Product | null;
}

const decideProduct = (
  definition: ProductDefinition,
  { catalog, rates }: { readonly catalog: Catalog; readonly rates: readonly ExchangeRate[] },
  deps: EditDeps,
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
  const isTold = (plan: PlanDefinition): boolean =>
    missingTranslations(product, plan, deps.policy.languages).length === 0;
  const isNew = ({ key }: PlanDefinition): boolean => product.plans.every((plan) => plan.key !== key);
  const drafts = definition.plans.filter((plan) => isNew(plan) && !isTold(plan));
  return {
    product,
    plans: definition.plans
      .filter((plan) => !drafts.includes(plan))
      .flatMap((plan) => publish(plan, { product, rates }, deps)),
    drafts: drafts.map((plan) => draftOf(plan, deps)),
    before: existing,
  };
};

const publish = (
  definition: PlanDefinition,
  { product, rates }: { readonly product: Product; readonly rates: readonly ExchangeRate[] },
  deps: EditDeps,
): readonly PublishedPlan[] => {
  const before = product.plans.find(({ key }) => key === definition.key) ?? null;
  const after = decidePublication({
    product,
    definition,
    existing: before,
    policy: deps.policy,
    rates,
    now: deps.clock.now(),
    nextVersion: versionAfter(before?.version ?? 0, deps),
    newId: deps.newId,
  });
  return after === null ? [] : [after];
};

const draftOf = ({ key, accountId, ...document }: PlanDefinition, deps: EditDeps): Plan => ({
  id: deps.newId('pln'),
  key,
  accountId,
  editionKey: document.editionKey,
  status: 'draft',
  version: versionAfter(0, deps),
  updatedAt: deps.clock.now(),
  current: null,
  draft: document,
});

const writesOf = ({ product, plans, drafts, before }: ProductDecision, store: CatalogStore): readonly Write[] =>
  plans.length + drafts.length === 0
    ? []
    : [
        before === null ? store.insertProduct(product) : store.updateProduct(product, before.version),
        ...plans.flatMap((plan) => [
          store.savePlan(product, plan, versionBefore(before, plan.id)),
          store.addVersion(plan),
        ]),
        ...drafts.map((plan) => store.savePlan(product, plan, null)),
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
