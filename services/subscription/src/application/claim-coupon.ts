import { type Clock, type Id, type Write } from '@quittance/kernel';

import { type Checkout } from '../domain/checkout.ts';
import { type CouponFate } from '../domain/coupon-fate.ts';
import { afterFirstCycle, type Coupon, type CouponClaim, discountOf, usableCoupon } from '../domain/coupon.ts';
import { type CheckoutWish } from '../domain/decide-checkout.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type CouponClaims, type Coupons, type SubscriptionCoupons } from './coupon-ports.ts';

/** What a step of the saga adds to a commit. */
export interface CouponStep {
  readonly writes: readonly Write[];
  readonly messages: readonly SubscriptionMessage[];
}

const NOTHING: CouponStep = { writes: [], messages: [] };

interface WishDeps {
  readonly coupons: Coupons;
  readonly clock: Clock;
}

/** The coupon a wish names, if catalog is known to honour it. @throws each refusal's own problem */
export const findUsableCoupon = async (deps: WishDeps, wish: CheckoutWish): Promise<Coupon | null> => {
  if (wish.coupon === null) return null;
  const code = wish.coupon.toUpperCase();
  const { planId, currency } = wish;
  return usableCoupon(await deps.coupons.findByCode(code), { code, planId, currency, now: deps.clock.now() });
};

/**
 * Before an invoice is asked for, catalog is asked for one use: the request waits in the claim. Nothing to pay means
 * nothing to take off, and the coupon stays unused.
 */
export const holdForCoupon = (
  claims: CouponClaims,
  coupon: Coupon | null,
  begun: {
    readonly checkout: Checkout;
    readonly subscription: Subscription;
    readonly messages: readonly SubscriptionMessage[];
  },
): CouponStep => {
  const invoice = begun.messages.find((message) => message.type === 'open_invoice');
  if (coupon === null || invoice === undefined) return { writes: [], messages: begun.messages };
  const { checkout, subscription } = begun;
  const claim: CouponClaim = {
    checkoutId: checkout.id,
    accountId: checkout.accountId,
    couponId: coupon.couponId,
    code: coupon.code,
    status: 'asked',
    refusal: null,
    discount: discountOf(coupon.discount, subscription.price),
    terms: { discount: coupon.discount, duration: coupon.duration, planIds: coupon.planIds },
  };
  const { checkoutId, accountId, couponId } = claim;
  const ask = { checkoutId, accountId, couponId, planId: subscription.planId, currency: checkout.currency };
  return {
    writes: [claims.insert(claim, invoice)],
    messages: [...begun.messages.filter((message) => message !== invoice), { type: 'reserve_coupon', ...ask }],
  };
};

/** The checkout ended unpaid: the use it holds, or asked for, is given back. */
export const releaseCoupon = async (
  { couponClaims }: { readonly couponClaims: CouponClaims },
  checkoutId: Id<'chk'>,
  reason: string,
): Promise<CouponStep> => {
  const claim = await couponClaims.find(checkoutId);
  if (claim === null || (claim.status !== 'asked' && claim.status !== 'held')) return NOTHING;
  return {
    writes: [couponClaims.update({ ...claim, status: 'released' }, claim.status)],
    messages: [{ type: 'release_coupon', checkoutId, accountId: claim.accountId, couponId: claim.couponId, reason }],
  };
};

/** The invoice that carries it is paid: the use is final, and what is left of the coupon stays with the subscription. */
export const confirmCoupon = async (
  deps: { readonly couponClaims: CouponClaims; readonly subscriptionCoupons: SubscriptionCoupons },
  paid: { readonly checkoutId: Id<'chk'>; readonly subscriptionId: Id<'sub'>; readonly invoiceId: Id<'inv'> },
): Promise<CouponStep> => {
  const claim = await deps.couponClaims.find(paid.checkoutId);
  if (claim === null || claim.status === 'confirmed') return NOTHING;
  const { checkoutId, accountId, couponId, discount } = claim;
  const left = afterFirstCycle(claim, paid.subscriptionId);
  return {
    writes: [
      deps.couponClaims.update({ ...claim, status: 'confirmed' }, claim.status),
      ...(left === null ? [] : [deps.subscriptionCoupons.insert(left)]),
    ],
    messages: [{ type: 'confirm_coupon', checkoutId, accountId, couponId, invoiceId: paid.invoiceId, discount }],
  };
};

/** The row of a coupon that ends. */
export const couponWrites = (
  { subscriptionCoupons }: { readonly subscriptionCoupons: SubscriptionCoupons },
  fate: CouponFate | null,
): readonly Write[] => (fate?.before && fate.after === null ? [subscriptionCoupons.end(fate.before)] : []);
