import { type Id, must, platformFail } from '@quittance/kernel';

import { isOver } from '../domain/checkout-status.ts';
import { type Coupon, couponProblem, type CouponRefusal } from '../domain/coupon.ts';
import { type CouponClaims, type Coupons } from './coupon-ports.ts';
import { type Checkouts, type SubscriptionUnitOfWork } from './ports.ts';
import { type ProgressCheckout } from './progress-checkout.ts';

interface AnswerDeps {
  readonly couponClaims: CouponClaims;
  readonly checkouts: Checkouts;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly progress: Pick<ProgressCheckout, 'couponRefused'>;
}

export interface AnswerCoupon {
  reserved(checkoutId: Id<'chk'>): Promise<void>;
  refused(checkoutId: Id<'chk'>, refusal: CouponRefusal): Promise<void>;
}

/** What catalog answers. Only the first answer to a claim that still waits counts. */
export const makeAnswerCoupon = (deps: AnswerDeps): AnswerCoupon => ({
  reserved: async (checkoutId) => {
    const [claim, checkout] = await Promise.all([
      deps.couponClaims.find(checkoutId),
      deps.checkouts.find('every_account', checkoutId),
    ]);
    if (claim === null || checkout === null) throw notHere(checkoutId);
    // Whatever ended the checkout meanwhile has asked for the use to be released.
    if (claim.status !== 'asked' || isOver(checkout.status)) return;
    const stored = await deps.couponClaims.storedInvoice(checkoutId);
    await deps.unitOfWork.commit({
      writes: [deps.couponClaims.update({ ...claim, status: 'held' }, 'asked')],
      messages: [{ type: 'open_discounted_invoice', checkoutId, stored }],
      audit: [],
      correlationId: checkoutId,
    });
  },
  refused: async (checkoutId, refusal) => {
    const claim = await deps.couponClaims.find(checkoutId);
    if (claim === null) throw notHere(checkoutId);
    if (claim.status !== 'asked') return;
    const refused = deps.couponClaims.update({ ...claim, status: 'refused', refusal }, 'asked');
    const { code, message } = couponProblem(refusal, claim.code);
    await deps.progress.couponRefused(checkoutId, { code, message }, refused);
  },
});

const notHere = (checkoutId: Id<'chk'>) =>
  platformFail('platform.not_found', `Checkout ${checkoutId} of a coupon is not here yet.`);

export type RequireCoupon = (checkoutId: Id<'chk'>) => Promise<void>;

/** Whoever lost the race for the last use is told so by the answer to their request. */
export const makeRequireCoupon =
  ({ couponClaims }: { readonly couponClaims: CouponClaims }): RequireCoupon =>
  async (checkoutId) => {
    const claim = await couponClaims.find(checkoutId);
    if (claim?.status === 'refused') throw couponProblem(must(claim.refusal, 'a refusal'), claim.code);
  };

export type KeepCoupon = (coupon: Coupon, messageVersion: number) => Promise<void>;

/** Our own copy of what catalog issues; a projection records nobody's action. */
export const makeKeepCoupon =
  (deps: { readonly coupons: Coupons; readonly unitOfWork: SubscriptionUnitOfWork }): KeepCoupon =>
  (coupon, messageVersion) =>
    deps.unitOfWork.commit({ writes: [deps.coupons.store(coupon, messageVersion)], messages: [], audit: [] });
