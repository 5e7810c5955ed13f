import { type CatalogMessage, type PlanPublishedMessage } from '../domain/messages.ts';
import { isPublished, type Product, type PublishedPlan } from '../domain/plan.ts';
import { type CouponStore } from './coupon-ports.ts';
import { type CatalogStore } from './ports.ts';

export type RepublishPlans = (since: Date | null) => AsyncIterable<CatalogMessage>;

interface Deps {
  readonly store: Pick<CatalogStore, 'load' | 'versionsOf'>;
  readonly coupons: Pick<CouponStore, 'changedSince'>;
}

/**
 * Every version of every plan, oldest first, because people still have them; of plans changed since then, and null means
 * all of them. And every coupon changed since.
 */
export const makeRepublishPlans = (deps: Deps): RepublishPlans =>
  async function* republishPlans(since) {
    const { products } = await deps.store.load();
    for (const product of products) {
      for (const plan of product.plans.filter(isPublished)) {
        if (since === null || plan.updatedAt >= since) yield* versionsSince(deps, { product, plan, since });
      }
    }
    for await (const coupon of deps.coupons.changedSince(since)) yield { type: 'coupon_changed', coupon };
  };

async function* versionsSince(
  { store }: Deps,
  { product, plan, since }: { readonly product: Product; readonly plan: PublishedPlan; readonly since: Date | null },
): AsyncGenerator<PlanPublishedMessage> {
  for await (const version of store.versionsOf(plan, product)) {
    const older = plan.current.number - version.number;
    // Published after the plan was read: its own event is on its way.
    if (older < 0) return;
    if (older > 0 && since !== null && version.publishedAt < since) continue;
    // Below that of the version on sale, so that no earlier one is ever taken for it.
    yield { type: 'plan_published', product, plan: { ...plan, current: version, version: plan.version - older } };
  }
}
