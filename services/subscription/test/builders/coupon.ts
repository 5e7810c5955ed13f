import { type Id } from '@quittance/kernel';

import { type SubscriptionCoupon } from '../../src/domain/coupon.ts';
import { type Subscription } from '../../src/domain/subscription.ts';

const COUPON: Id<'cpn'> = 'cpn_01j8zq4m7e8b2c3d4f5g6h7k01';

/** A quarter off for ever, on every plan, unless told otherwise. */
export const aCoupon = (
  { id }: Pick<Subscription, 'id'>,
  change: Partial<SubscriptionCoupon> = {},
): SubscriptionCoupon => ({
  subscriptionId: id,
  couponId: COUPON,
  code: 'QUARTER',
  discount: { kind: 'percentage', ratePpm: 250_000 },
  cyclesLeft: null,
  planIds: [],
  ...change,
});
