import { type Id } from '@quittance/kernel';

import { type Coupon, type CouponRefusal } from './coupon.ts';
import { catalogFail } from './errors.ts';
import { type Product, type PublishedPlan } from './plan.ts';

/** What catalog tells others. */
export interface PlanPublishedMessage {
  readonly type: 'plan_published';
  readonly product: Pick<Product, 'id' | 'key'>;
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

/** An event has 64 KiB; two of them are left to what is written on the envelope. */
const BYTES_MAX = 62 * 1024;

/** A plan is told to those who sell it in one piece. @throws `catalog.plan_too_large` */
export const refuseTooLarge = (
  message: PlanPublishedMessage,
  eventBytes: (message: CatalogMessage) => number,
): void => {
  const bytes = eventBytes(message);
  if (bytes <= BYTES_MAX) return;
  const { product, plan } = message;
  throw catalogFail(
    'catalog.plan_too_large',
    `${product.key}/${plan.key} has ${bytes} bytes, ${BYTES_MAX} can be told.`,
    {
      details: { product: product.key, plan: plan.key, bytes, bytesMax: BYTES_MAX, prices: plan.current.prices.length },
    },
  );
};
