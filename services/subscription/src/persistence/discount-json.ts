import { z } from 'zod';

import { type CouponDiscount } from '../domain/coupon.ts';
import { JsonMoney, toJsonMoney } from './row-values.ts';

export const Discount = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('percentage'), ratePpm: z.int() }),
  z.strictObject({ kind: z.literal('fixed'), amount: JsonMoney }),
]);

export const toDiscountJson = (discount: CouponDiscount) =>
  discount.kind === 'percentage' ? discount : { kind: discount.kind, amount: toJsonMoney(discount.amount) };
