import { type Clock, type Id, type NewId, platformFail } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type DueNow } from '../domain/checkout.ts';
import { afterFirstCycle, type CouponClaim, type SubscriptionCoupon, toRenewalCoupon } from '../domain/coupon.ts';
import { type ActivationDecision, type ActivationFacts, decideActivation } from '../domain/decide-activation.ts';
import { withSettledInvoice } from '../domain/decide-progress.ts';
import { type Period } from '../domain/subscription.ts';
import { confirmCoupon } from './claim-coupon.ts';
import { type CouponClaims, type SubscriptionCoupons } from './coupon-ports.ts';
import {
  type Checkouts,
  type CheckoutWatch,
  type NextVersion,
  type ParkedWork,
  type Plans,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';

interface Deps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly checkouts: Checkouts;
  readonly couponClaims: CouponClaims;
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly parkedWork: ParkedWork;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly watch: CheckoutWatch;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

export interface PaidInvoice {
  readonly subscriptionId: Id<'sub'>;
  readonly checkoutId: Id<'chk'>;
  readonly invoiceId: Id<'inv'>;
  readonly period: Period;
  readonly dueNow: DueNow;
  /** What was paid for the period, as its prices are stated, and the rate of its tax. */
  readonly paid: Money;
  readonly taxRatePpm: number;
}

export type ActivateSubscription = ReturnType<typeof makeActivateSubscription>;

/** What the paid invoice bought becomes live, and whoever waits at the checkout is told. */
export const makeActivateSubscription =
  (deps: Deps) =>
  async (paid: PaidInvoice): Promise<void> => {
    const { claim, left, facts } = await gather(deps, paid);
    const decision = decideActivation(facts);
    if (decision.kind === 'nothing') return;

    const coupon = confirmCoupon(deps, claim, paid);
    await deps.unitOfWork.commit({
      writes: [
        ...writesOf(deps, facts, decision),
        ...coupon.writes,
        ...(left === null ? [] : [deps.subscriptionCoupons.insert(left)]),
      ],
      messages: [...(decision.kind === 'activate' ? decision.messages : []), ...coupon.messages],
      audit: decision.audit,
      correlationId: paid.checkoutId,
    });
    deps.watch.changed(paid.checkoutId);
  };

interface Gathered {
  readonly claim: CouponClaim | null;
  /** What the coupon takes off later periods. */
  readonly left: SubscriptionCoupon | null;
  readonly facts: ActivationFacts;
}

const gather = async (deps: Deps, paid: PaidInvoice): Promise<Gathered> => {
  const [claim, place, checkout] = await Promise.all([
    deps.couponClaims.find(paid.checkoutId),
    deps.subscriptions.findWithPlace(paid.subscriptionId),
    deps.checkouts.find('every_account', paid.checkoutId),
  ]);
  if (!place || !checkout) {
    throw platformFail('platform.not_found', `Subscription ${paid.subscriptionId} of a paid invoice is not here yet.`);
  }
  const { subscription, live, highest } = place;
  const entitlements = await deps.plans.entitlementsOf(subscription.items);
  const left = claim && afterFirstCycle(claim, paid.subscriptionId);
  const facts = {
    subscription,
    checkout: withSettledInvoice(checkout, paid.invoiceId, paid.dueNow),
    entitlements,
    otherLive: live && live.id !== subscription.id ? live : null,
    period: paid.period,
    paid: paid.paid,
    taxRatePpm: paid.taxRatePpm,
    renewalCoupon: toRenewalCoupon(left),
    now: deps.clock.now(),
    version: deps.nextVersion(highest),
  };
  return { claim, left, facts };
};

const writesOf = (deps: Deps, facts: ActivationFacts, decision: Exclude<ActivationDecision, { kind: 'nothing' }>) => {
  const checkout = deps.checkouts.update(decision.checkout, facts.checkout.version);
  if (decision.kind === 'park') {
    const item = {
      id: deps.newId('att'),
      code: 'subscription.paid_twice',
      message: decision.message,
      subject: { type: 'subscription', id: facts.subscription.id },
      accountId: facts.subscription.accountId,
      correlationId: facts.checkout.id,
      since: facts.now,
    };
    return [checkout, deps.parkedWork.park(item)];
  }
  return [
    // The place is freed before it is taken: one live subscription per account and product.
    ...(decision.replaced && facts.otherLive
      ? [deps.subscriptions.update(decision.replaced, facts.otherLive.version)]
      : []),
    deps.subscriptions.update(decision.subscription, facts.subscription.version),
    checkout,
  ];
};
