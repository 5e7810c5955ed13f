import { type Product, type PublishedPlan } from './plan.ts';

/** What catalog tells others. */
export interface PlanPublishedMessage {
  readonly type: 'plan_published';
  readonly product: Pick<Product, 'id' | 'key' | 'prorationBasis'>;
  readonly plan: PublishedPlan;
}

export type CatalogMessage = PlanPublishedMessage;
