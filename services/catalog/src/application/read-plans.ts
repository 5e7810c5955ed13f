import { type AccountId, type Id } from '@quittance/kernel';

import { type Plan } from '../domain/plan.ts';
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
}

/** From the database, not from memory: who has just saved reads what was saved. */
export const makeReadPlans = ({ store }: { readonly store: Pick<CatalogStore, 'load'> }): ReadPlans => ({
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
});
