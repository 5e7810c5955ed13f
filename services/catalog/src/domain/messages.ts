import { type Plan, type Product } from './plan.ts';

/** What catalog tells others. */
export interface PlanPublishedMessage {
  readonly type: 'plan_published';
  readonly product: Pick<Product, 'id' | 'key' | 'prorationBasis'>;
  readonly plan: Plan;
}

export type CatalogMessage = PlanPublishedMessage;
