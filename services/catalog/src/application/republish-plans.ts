import { type CatalogMessage } from '../domain/messages.ts';
import { isPublished } from '../domain/plan.ts';
import { type CouponStore } from './coupon-ports.ts';
import { type CatalogStore } from './ports.ts';

export type RepublishPlans = (since: Date | null) => AsyncIterable<CatalogMessage>;

/** The current snapshot of every plan changed since then, null means all of them; and of every coupon. */
export const makeRepublishPlans = (deps: {
  readonly store: Pick<CatalogStore, 'load'>;
  readonly coupons: Pick<CouponStore, 'all'>;
}): RepublishPlans =>
  async function* republishPlans(since) {
    const { products } = await deps.store.load();
    for (const product of products) {
      for (const plan of product.plans) {
        if (isPublished(plan) && (since === null || plan.updatedAt >= since))
          yield { type: 'plan_published', product, plan };
      }
    }
    for (const coupon of await deps.coupons.all()) yield { type: 'coupon_changed', coupon };
  };
