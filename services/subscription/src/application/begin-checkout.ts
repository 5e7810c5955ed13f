import { type Clock, type Id, type NewId } from '@quittance/kernel';

import { type Checkout } from '../domain/checkout.ts';
import { type CheckoutFacts, type CheckoutWish, decideCheckout } from '../domain/decide-checkout.ts';
import { firstPeriod } from '../domain/period.ts';
import { findUsableCoupon, holdForCoupon, releaseCoupon } from './claim-coupon.ts';
import { type CouponClaims, type Coupons } from './coupon-ports.ts';
import {
  type Checkouts,
  type NextVersion,
  type Plans,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';

interface Deps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly checkouts: Checkouts;
  readonly coupons: Coupons;
  readonly couponClaims: CouponClaims;
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
    const held = holdForCoupon(deps.couponClaims, coupon, decision);
    const released =
      superseded && (await releaseCoupon(deps, superseded.checkout.id, 'A newer checkout took its place.'));
    await deps.unitOfWork.commit({
      writes: [
        ...(superseded && facts.open
          ? [
              deps.checkouts.update(superseded.checkout, facts.open.checkout.version),
              deps.subscriptions.update(superseded.subscription, facts.open.subscription.version),
            ]
          : []),
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
  const [live, openCheckout, highest] = plan
    ? await Promise.all([
        deps.subscriptions.findLive(wish.accountId, plan.productId),
        deps.checkouts.findOpen(wish.accountId, plan.productId),
        deps.subscriptions.highestVersion(wish.accountId, plan.productId),
      ])
    : [null, null, 0];
  const openDraft =
    openCheckout && (await deps.subscriptions.find({ account: wish.accountId }, openCheckout.subscriptionId));
  return {
    wish,
    plan,
    live,
    open: openCheckout && openDraft && { checkout: openCheckout, subscription: openDraft },
    openCoupon: openCheckout && ((await deps.couponClaims.find(openCheckout.id))?.code ?? null),
    ids: { checkout: checkoutId, subscription: deps.newId('sub') },
    period: firstPeriod(now, wish.interval),
    now,
    version: deps.nextVersion(highest),
  };
};
