import { type Clock, type Id, type NewId } from '@quittance/kernel';

import { type Checkout } from '../domain/checkout.ts';
import { toNewCoupon } from '../domain/coupon.ts';
import { type CheckoutFacts, type CheckoutWish, decideCheckout } from '../domain/decide-checkout.ts';
import { firstPeriod } from '../domain/period.ts';
import { findUsableCoupon, holdForCoupon, releaseCoupon } from './claim-coupon.ts';
import { type CouponClaims, type Coupons } from './coupon-ports.ts';
import { findOpenCheckout } from './find-open-checkout.ts';
import {
  type Changes,
  type Checkouts,
  type NextVersion,
  type Plans,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';
import { supersedeWrites } from './supersede-writes.ts';

interface Deps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly checkouts: Checkouts;
  readonly coupons: Coupons;
  readonly couponClaims: CouponClaims;
  readonly changes: Changes;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

export type BeginCheckout = ReturnType<typeof makeBeginCheckout>;

/**
 * Starts buying a plan. `checkoutId` is reserved by the idempotency key, so the same request after a crash finds what
 * the first one committed.
 */
export const makeBeginCheckout =
  (deps: Deps) =>
  async (checkoutId: Id<'chk'>, wish: CheckoutWish): Promise<Checkout> => {
    const before = await deps.checkouts.find({ account: wish.accountId }, checkoutId);
    if (before) return before;

    const coupon = await findUsableCoupon(deps, wish);
    const facts = await gather(deps, checkoutId, { ...wish, coupon: coupon?.code ?? null });
    const decision = decideCheckout(facts);
    if (decision.kind === 'reuse') return decision.checkout;

    const { superseded } = decision;
    const { planId, price } = decision.subscription;
    const held = holdForCoupon(deps.couponClaims, coupon && toNewCoupon(coupon), { ...decision, planId, price });
    const released =
      superseded && (await releaseCoupon(deps, superseded.checkout.id, 'A newer checkout took its place.'));
    await deps.unitOfWork.commit({
      writes: [
        ...supersedeWrites(deps, facts.open, superseded),
        deps.subscriptions.insert(decision.subscription),
        deps.checkouts.insert(decision.checkout),
        ...held.writes,
        ...(released?.writes ?? []),
      ],
      messages: [...held.messages, ...(released?.messages ?? [])],
      audit: decision.audit,
      correlationId: checkoutId,
    });
    return decision.checkout;
  };

const gather = async (deps: Deps, checkoutId: Id<'chk'>, wish: CheckoutWish): Promise<CheckoutFacts> => {
  const now = deps.clock.now();
  const plan = await deps.plans.findCurrent(wish.planId);
  const [live, open, highest] = plan
    ? await Promise.all([
        deps.subscriptions.findLive(wish.accountId, plan.productId),
        findOpenCheckout(deps, wish.accountId, plan.productId),
        deps.subscriptions.highestVersion(wish.accountId, plan.productId),
      ])
    : [null, null, 0];
  return {
    wish,
    plan,
    live,
    open,
    openCoupon: open && ((await deps.couponClaims.find(open.checkout.id))?.code ?? null),
    ids: { checkout: checkoutId, subscription: deps.newId('sub') },
    period: firstPeriod(now, wish.interval),
    now,
    version: deps.nextVersion(highest),
  };
};
