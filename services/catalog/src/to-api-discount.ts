import { toApiMoney } from '@quittance/contracts';

import { type CouponDiscount } from './domain/coupon.ts';

/** Told alike over HTTP and on the bus. */
export const toApiDiscount = (discount: CouponDiscount) =>
  discount.kind === 'percentage'
    ? { kind: 'percentage' as const, ratePpm: discount.ratePpm }
    : { kind: 'fixed' as const, amount: toApiMoney(discount.amount) };
