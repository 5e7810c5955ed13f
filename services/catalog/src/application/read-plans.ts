import { type AccountId, type Id, platformFail } from '@quittance/kernel';

import { type Plan, type PublishedPlan } from '../domain/plan.ts';
import { planIn, type PlanOfProduct } from './plan-changes.ts';
import { type CatalogStore } from './ports.ts';

export interface PlansQuestion {
  readonly productKey: string | null;
  readonly accountId: AccountId | null;
  readonly status: Plan['status'] | null;
  readonly limit: number;
  /** Id of the last plan of the page before. */
  readonly after: string | null;
}

export interface ReadPlans {
  /** Every plan, retired ones and drafts too, oldest first. */
  list(
    question: PlansQuestion,
  ): Promise<{ readonly plans: readonly PlanOfProduct[]; readonly nextCursor: string | null }>;
  /** @throws `platform.not_found` */
  one(id: Id<'pln'>): Promise<PlanOfProduct>;
  /** As it was in each version, oldest first. @throws `platform.not_found` */
  versions(
    id: Id<'pln'>,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<{ readonly plans: readonly PublishedPlan[]; readonly nextCursor: string | null }>;
  /** As it was in that version. @throws `platform.not_found` */
  version(id: Id<'pln'>, versionId: Id<'plv'>): Promise<PublishedPlan>;
}

/** From the database, not from memory: who has just saved reads what was saved. */
export const makeReadPlans = ({
  store,
}: {
  readonly store: Pick<CatalogStore, 'load' | 'version' | 'versionsOf'>;
}): ReadPlans => ({
  list: async ({ productKey, accountId, status, limit, after }) => {
    const { products } = await store.load();
    const all = products
      .filter(({ key }) => productKey === null || key === productKey)
      .flatMap((product) => product.plans.map((plan) => ({ product, plan })))
      .filter(({ plan }) => accountId === null || plan.accountId === accountId)
      .filter(({ plan }) => status === null || plan.status === status)
      .filter(({ plan }) => after === null || plan.id > after)
      .toSorted((a, b) => (a.plan.id < b.plan.id ? -1 : 1));
    const plans = all.slice(0, limit);
    return { plans, nextCursor: all.length > limit ? (plans.at(-1)?.plan.id ?? null) : null };
  },
  one: async (id) => planIn(await store.load(), id),
  versions: async (id, { limit, after }) => {
    const { product, plan } = planIn(await store.load(), id);
    const plans: PublishedPlan[] = [];
    for await (const version of store.versionsOf(plan, product, numberOf(after))) {
      if (plans.length === limit) return { plans, nextCursor: String(plans.at(-1)?.current.number) };
      plans.push({ ...plan, current: version });
    }
    return { plans, nextCursor: null };
  },
  version: async (id, versionId) => {
    const { product, plan } = planIn(await store.load(), id);
    const version = await store.version(plan, product, versionId);
    if (version !== null) return { ...plan, current: version };
    throw platformFail('platform.not_found', `Plan ${plan.key} has no version ${versionId}.`);
  },
});

/** The number of the last version of the page before. */
const numberOf = (cursor: string | null): number => Number(cursor ?? 0);
