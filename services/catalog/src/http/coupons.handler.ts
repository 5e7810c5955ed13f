import {
  CreateCoupon,
  DeactivateCoupon,
  fromApiMoney,
  GetCoupon,
  ListCoupons,
  ListRedemptions,
  toApiMoney,
} from '@quittance/contracts';
import { created, handle, ok, type Route } from '@quittance/http';
import { platformFail } from '@quittance/kernel';
import { type Currency, isCurrency } from '@quittance/money';
import { type z } from 'zod';

import { type Coupons, type CouponView } from '../application/index.ts';
import { type Claim } from '../domain/coupon.ts';
import { toApiDiscount } from '../to-api-discount.ts';

type ApiCoupon = z.infer<typeof GetCoupon.answer>;
type ApiRedemption = z.infer<typeof ListRedemptions.answer>['data'][number];

export const couponRoutes = (coupons: Coupons): readonly Route[] => [
  handle(ListCoupons, async ({ query }) => {
    const page = await coupons.list({
      limit: query.limit,
      after: query.after ?? null,
      code: query.code ?? null,
      status: query.status ?? null,
      planId: query.plan ?? null,
    });
    return ok({ data: page.coupons.map(toApiCoupon), nextCursor: page.nextCursor });
  }),
  handle(GetCoupon, async ({ params }) => ok(toApiCoupon(await coupons.one(params.id)))),
  handle(CreateCoupon, async ({ body: { discount, expiresAt, currencies, ...terms }, request }) => {
    const view = await coupons.create({
      ...terms,
      id: request.reservedId('cpn'),
      discount: discount.kind === 'fixed' ? { kind: 'fixed', amount: fromApiMoney(discount.amount) } : discount,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      currencies: currencies.map(known),
    });
    return created(toApiCoupon(view));
  }),
  handle(DeactivateCoupon, async ({ params }) => ok(toApiCoupon(await coupons.deactivate(params.id)))),
  handle(ListRedemptions, async ({ params, query }) => {
    const page = { limit: query.limit, after: query.after ?? null };
    const { claims, nextCursor } = await coupons.redemptions(params.id, query.account ?? null, page);
    return ok({ data: claims.map(toApiRedemption), nextCursor });
  }),
];

const toApiCoupon = ({ coupon, usage }: CouponView): ApiCoupon => ({
  couponId: coupon.id,
  code: coupon.code,
  discount: toApiDiscount(coupon.discount),
  duration: coupon.duration,
  capTotal: coupon.capTotal,
  capPerAccount: coupon.capPerAccount,
  expiresAt: coupon.expiresAt?.toISOString() ?? null,
  planIds: [...coupon.planIds],
  currencies: [...coupon.currencies],
  status: coupon.status,
  usage: { claimed: coupon.claimed, ...usage.byStatus, discounts: usage.discounts.map(toApiMoney) },
  createdAt: coupon.createdAt.toISOString(),
});

const toApiRedemption = (claim: Claim): ApiRedemption => ({
  checkoutId: claim.checkoutId,
  accountId: claim.accountId,
  status: claim.status,
  reservedAt: claim.reservedAt.toISOString(),
  settledAt: claim.settledAt?.toISOString() ?? null,
  invoiceId: claim.invoiceId,
  discount: claim.discount && toApiMoney(claim.discount),
});

const known = (currency: string): Currency => {
  if (isCurrency(currency)) return currency;
  throw platformFail('platform.invalid_request', `${currency} is no currency.`, {
    details: { issues: [{ path: 'body.currencies', problem: `${currency} is not in ISO 4217` }] },
  });
};
