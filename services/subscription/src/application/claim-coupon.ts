import { type Clock, type Id, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type Checkout } from '../domain/checkout.ts';
import { type CouponFate } from '../domain/coupon-fate.ts';
import { type Coupon, type CouponClaim, discountOf, type NewCoupon, usableCoupon } from '../domain/coupon.ts';
import { type CheckoutWish } from '../domain/decide-checkout.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';
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
export const findUsableCoupon = async (
  deps: WishDeps,
  wish: Pick<CheckoutWish, 'coupon' | 'planId' | 'currency'>,
): Promise<Coupon | null> => {
  if (wish.coupon === null) return null;
  // As people copy it: in small letters, with a blank or a line's end around it.
  const code = wish.coupon.trim().toUpperCase();
  const { planId, currency } = wish;
  return usableCoupon(await deps.coupons.findByCode(code), { code, planId, currency, now: deps.clock.now() });
};

/**
 * Before an invoice is asked for, catalog is asked for one use: the request waits in the claim. Nothing to pay means
 * nothing to take off, and the coupon stays unused.
 */
export const holdForCoupon = (
  claims: CouponClaims,
  coupon: NewCoupon | null,
  begun: {
    readonly checkout: Checkout | null;
    /** Of the plan, as it will be. */
    readonly planId: Id<'pln'>;
    /** Of the whole period that is billed. */
    readonly price: Money;
    readonly messages: readonly SubscriptionMessage[];
  },
): CouponStep => {
  const invoice = begun.messages.find((message) => message.type === 'open_invoice');
  const { checkout, planId } = begun;
  if (coupon === null || checkout === null || invoice === undefined) return { writes: [], messages: begun.messages };
  const claim: CouponClaim = {
    checkoutId: checkout.id,
    accountId: checkout.accountId,
    couponId: coupon.couponId,
    code: coupon.code,
    status: 'asked',
    refusal: null,
    discount: discountOf(coupon.terms.discount, begun.price),
    terms: coupon.terms,
  };
  const { checkoutId, accountId, couponId } = claim;
  const ask = { checkoutId, accountId, couponId, planId, currency: checkout.currency };
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

/** The invoice that carries it is paid: the use is final. */
export const confirmCoupon = (
  { couponClaims }: { readonly couponClaims: CouponClaims },
  claim: CouponClaim | null,
  paid: { readonly invoiceId: Id<'inv'> },
): CouponStep => {
  if (claim === null || claim.status === 'confirmed') return NOTHING;
  const { checkoutId, accountId, couponId, discount } = claim;
  return {
    writes: [couponClaims.update({ ...claim, status: 'confirmed' }, claim.status)],
    messages: [{ type: 'confirm_coupon', checkoutId, accountId, couponId, invoiceId: paid.invoiceId, discount }],
  };
};

/** The row of a coupon: it is used, ends, or a new one takes its place. */
export const couponWrites = (
  { subscriptionCoupons }: { readonly subscriptionCoupons: SubscriptionCoupons },
  fate: CouponFate | null,
): readonly Write[] => {
  if (fate === null || fate.before === fate.after) return [];
  const { before, after, ended } = fate;
  if (before !== null && after !== null && ended === null) return [subscriptionCoupons.useCycle(before)];
  return [
    ...(before === null ? [] : [subscriptionCoupons.end(before)]),
    ...(after === null ? [] : [subscriptionCoupons.insert(after)]),
  ];
};
