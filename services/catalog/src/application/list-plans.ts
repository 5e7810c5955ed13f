import { type Plan, type Product } from '../domain/plan.ts';
import { type CurrentCatalog } from './current-catalog.ts';

export interface PlanOfProduct {
  readonly product: Product;
  readonly plan: Plan;
}

export interface PlansQuestion {
  readonly productKey: string | null;
  readonly limit: number;
  /** Id of the last plan of the page before. */
  readonly after: string | null;
}

export type ListPlans = (
  question: PlansQuestion,
) => Promise<{ readonly plans: readonly PlanOfProduct[]; readonly nextCursor: string | null }>;

/** Every plan, retired ones too, oldest first. */
export const makeListPlans =
  (deps: { readonly currentCatalog: CurrentCatalog }): ListPlans =>
  async ({ productKey, limit, after }) => {
    const { products } = await deps.currentCatalog();
    const all = products
      .filter(({ key }) => productKey === null || key === productKey)
      .flatMap((product) => product.plans.map((plan) => ({ product, plan })))
      .filter(({ plan }) => after === null || plan.id > after)
      .toSorted((a, b) => (a.plan.id < b.plan.id ? -1 : 1));
    const plans = all.slice(0, limit);
    return { plans, nextCursor: all.length > limit ? (plans.at(-1)?.plan.id ?? null) : null };
  };
