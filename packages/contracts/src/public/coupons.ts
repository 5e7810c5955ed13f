import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { CouponDiscount, CouponDuration } from '../messages/coupons.ts';
import { ApiAccountId, ApiMoney, CouponCode, CurrencyCode, idOf, Instant, pageOf, pageById } from '../shapes.ts';

const couponTerms = {
  discount: CouponDiscount,
  duration: CouponDuration.describe('For how many periods it is taken off: the first, the first n, or every one.'),
  capTotal: z
    .int()
    .positive()
    .max(1_000_000_000)
    .nullable()
    .describe('How often it may be used in all; null is without a limit.'),
  capPerAccount: z
    .int()
    .positive()
    .max(1_000_000)
    .nullable()
    .describe('How often one account may use it; null is without a limit.'),
  expiresAt: Instant.nullable().describe('From then on nobody can use it any more; null is never.'),
  planIds: z.array(idOf('pln')).max(100).describe('Empty: for every plan.'),
  currencies: z
    .array(CurrencyCode)
    .max(30)
    .describe('Empty: in every currency. A fixed amount is in one currency anyway.'),
};

const CouponStatus = z.enum(['active', 'inactive']);

const ApiCoupon = z
  .strictObject({
    couponId: idOf('cpn'),
    code: z.string().describe('As customers type it.'),
    ...couponTerms,
    status: CouponStatus,
    usage: z
      .strictObject({
        claimed: z.int().describe('Reserved and confirmed: what counts against the cap.'),
        reserved: z.int().describe('Held by a checkout that is open.'),
        confirmed: z.int().describe('Paid with.'),
        released: z.int().describe('Given back: the checkout expired, failed or was superseded.'),
        discounts: z
          .array(ApiMoney)
          .describe('What it took off so far, by currency: redemptions, and every renewal it was taken off.'),
      })
      .describe('Claims that count against the cap: held by an open checkout, or redeemed.'),
    createdAt: Instant,
  })
  .meta({ id: 'Coupon' });

export const ListCoupons = httpContract({
  name: 'ListCoupons',
  service: 'catalog',
  method: 'GET',
  path: '/v1/coupons',
  summary: 'Coupons with how far they are used, newest first.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...pageById('cpn'),
    code: CouponCode.optional(),
    status: CouponStatus.optional(),
    plan: idOf('pln').optional().describe('Those that this plan may be bought with, the ones for every plan too.'),
  }),
  answer: pageOf(ApiCoupon),
});

const couponParams = z.strictObject({ id: idOf('cpn') });

export const GetCoupon = httpContract({
  name: 'GetCoupon',
  service: 'catalog',
  method: 'GET',
  path: '/v1/coupons/:id',
  summary: 'One coupon with how far it is used.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: couponParams,
  answer: ApiCoupon,
});

export const CreateCoupon = httpContract({
  name: 'CreateCoupon',
  service: 'catalog',
  method: 'POST',
  path: '/v1/coupons',
  summary: 'Issue a coupon. What it promises never changes afterwards.',
  access: { anyOf: ['billing.write'] },
  audit: 'coupon.created',
  idempotency: 'required',
  rate: 'write',
  status: 201,
  body: z.strictObject({ code: CouponCode, ...couponTerms }),
  answer: ApiCoupon,
});

export const DeactivateCoupon = httpContract({
  name: 'DeactivateCoupon',
  service: 'catalog',
  method: 'POST',
  path: '/v1/coupons/:id/deactivate',
  summary: 'Let nobody else claim it. Who holds it keeps what was promised.',
  access: { anyOf: ['billing.write'] },
  audit: 'coupon.deactivated',
  idempotency: 'required',
  rate: 'write',
  params: couponParams,
  answer: ApiCoupon,
});

export const ListRedemptions = httpContract({
  name: 'ListRedemptions',
  service: 'catalog',
  method: 'GET',
  path: '/v1/coupons/:id/redemptions',
  summary: 'Who claimed a coupon, when, and on which invoice it was used; newest first.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: couponParams,
  query: z.strictObject({ ...pageById('chk'), account: ApiAccountId.optional() }),
  answer: pageOf(
    z.strictObject({
      checkoutId: idOf('chk'),
      accountId: ApiAccountId,
      status: z.enum(['reserved', 'confirmed', 'released']),
      reservedAt: Instant,
      settledAt: Instant.nullable(),
      invoiceId: idOf('inv').nullable(),
      discount: ApiMoney.nullable(),
    }),
  ),
});
