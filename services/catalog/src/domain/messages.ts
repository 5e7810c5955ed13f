import { type Id } from '@quittance/kernel';

import { type Coupon, type CouponRefusal } from './coupon.ts';
import { type Product, type PublishedPlan } from './plan.ts';

/** What catalog tells others. */
export interface PlanPublishedMessage {
  readonly type: 'plan_published';
  readonly product: Pick<Product, 'id' | 'key' | 'prorationBasis'>;
  readonly plan: PublishedPlan;
}

export type CatalogMessage =
  | PlanPublishedMessage
  | { readonly type: 'coupon_changed'; readonly coupon: Coupon }
  | { readonly type: 'coupon_reserved'; readonly checkoutId: Id<'chk'>; readonly couponId: Id<'cpn'> }
  | {
      readonly type: 'coupon_refused';
      readonly checkoutId: Id<'chk'>;
      readonly couponId: Id<'cpn'>;
      readonly reason: CouponRefusal;
    };
