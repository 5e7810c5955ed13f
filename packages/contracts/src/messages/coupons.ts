import { z } from 'zod';

import { command, event } from '../message.ts';
import { ApiAccountId, ApiMoney, CouponCode, CurrencyCode, idOf, Instant } from '../shapes.ts';

/** 250000 ppm is 25 %. A fixed amount is taken off once per period, in its own currency only. */
export const CouponDiscount = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('percentage'),
      ratePpm: z.int().positive().max(1_000_000).describe('Parts per million: 250000 is 25 %.'),
    })
    .meta({ id: 'PercentageDiscount' }),
  z
    .strictObject({
      kind: z.literal('fixed'),
      amount: ApiMoney.extend({ amount: z.int().positive() }).meta({ id: 'DiscountAmount' }),
    })
    .meta({ id: 'FixedDiscount' }),
]);

export const CouponDuration = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('once') }).meta({ id: 'OnceDuration' }),
  z
    .strictObject({
      kind: z.literal('cycles'),
      cycles: z.int().positive().max(120).describe('Periods that it is taken off, the first one among them.'),
    })
    .meta({ id: 'CyclesDuration' }),
  z.strictObject({ kind: z.literal('forever') }).meta({ id: 'ForeverDuration' }),
]);

export const CouponChanged = event({
  type: 'coupon.changed.v1',
  summary: 'A coupon was issued or deactivated, or its cap was reached or left. Snapshot for those who sell.',
  producer: 'catalog',
  consumers: ['subscription'],
  data: z.strictObject({
    couponId: idOf('cpn'),
    code: CouponCode,
    discount: CouponDiscount,
    duration: CouponDuration,
    status: z.enum(['active', 'inactive']),
    /** A hint that saves asking: only a reservation says for certain. */
    exhausted: z.boolean(),
    expiresAt: Instant.nullable(),
    planIds: z.array(idOf('pln')),
    currencies: z.array(CurrencyCode),
  }),
});

/** Id: `<checkout>:reserve-coupon`. */
export const ReserveCoupon = command({
  type: 'catalog.reserve-coupon',
  summary: 'Hold one use of a coupon for a checkout, if there is one left.',
  producers: ['subscription'],
  consumer: 'catalog',
  data: z.strictObject({
    checkoutId: idOf('chk'),
    accountId: ApiAccountId,
    couponId: idOf('cpn'),
    planId: idOf('pln'),
    currency: CurrencyCode,
  }),
});

export const CouponReserved = event({
  type: 'coupon.reserved.v1',
  summary: 'One use of the coupon is held for this checkout until it is confirmed or released.',
  producer: 'catalog',
  consumers: ['subscription'],
  data: z.strictObject({ checkoutId: idOf('chk'), couponId: idOf('cpn') }),
});

export const CouponRefusal = z.enum([
  'unknown',
  'inactive',
  'expired',
  'exhausted',
  'account_exhausted',
  'plan_not_covered',
  'currency_not_covered',
]);

export const CouponRefused = event({
  type: 'coupon.refused.v1',
  summary: 'The coupon cannot be had for this checkout; nothing is held.',
  producer: 'catalog',
  consumers: ['subscription'],
  data: z.strictObject({ checkoutId: idOf('chk'), couponId: idOf('cpn'), reason: CouponRefusal }),
});

/** Id: `<checkout>:confirm-coupon`. */
export const ConfirmCoupon = command({
  type: 'catalog.confirm-coupon',
  summary: 'The invoice that carries the coupon is paid: its use is final.',
  producers: ['subscription'],
  consumer: 'catalog',
  data: z.strictObject({
    checkoutId: idOf('chk'),
    couponId: idOf('cpn'),
    accountId: ApiAccountId,
    invoiceId: idOf('inv'),
    discount: ApiMoney,
  }),
});

/** Id: `<checkout>:release-coupon`. Sent only when the checkout can no longer be paid. */
export const ReleaseCoupon = command({
  type: 'catalog.release-coupon',
  summary: 'The checkout ended unpaid: the use it held is free again.',
  producers: ['subscription'],
  consumer: 'catalog',
  data: z.strictObject({
    checkoutId: idOf('chk'),
    couponId: idOf('cpn'),
    accountId: ApiAccountId,
    reason: z.string(),
  }),
});
