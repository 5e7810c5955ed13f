import { type Clock, type Id, type NewId, platformFail, type Write } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type DueNow } from '../domain/checkout.ts';
import { type NewCoupon } from '../domain/coupon.ts';
import { withSettledInvoice } from '../domain/decide-progress.ts';
import { decideSettlement, type SettlementDecision, type SettlementFacts } from '../domain/decide-settlement.ts';
import { confirmCoupon, couponWrites } from './claim-coupon.ts';
import { type CouponClaims, type SubscriptionCoupons } from './coupon-ports.ts';
import {
  type Changes,
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
  readonly changes: Changes;
  readonly couponClaims: CouponClaims;
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly parkedWork: ParkedWork;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly watch: CheckoutWatch;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

export interface PaidChange {
  readonly changeId: Id<'chg'>;
  readonly checkoutId: Id<'chk'>;
  readonly invoiceId: Id<'inv'>;
  readonly dueNow: DueNow;
  readonly paid: Money;
  readonly taxRatePpm: number;
}

export type SettleChange = ReturnType<typeof makeSettleChange>;

/** The invoice of a change is paid: it takes effect, and whoever waits at its checkout is told. */
export const makeSettleChange =
  (deps: Deps) =>
  async (paid: PaidChange): Promise<void> => {
    const claim = await deps.couponClaims.find(paid.checkoutId);
    const facts = await gather(deps, paid, claim);
    const decision = decideSettlement(facts);
    if (decision.kind === 'nothing') return;
    const confirmed = confirmCoupon(deps, claim, paid);
    await deps.unitOfWork.commit({
      writes: [...writesOf(deps, facts, decision), ...confirmed.writes],
      messages: [...(decision.kind === 'apply' ? decision.messages : []), ...confirmed.messages],
      audit: decision.audit,
      correlationId: paid.checkoutId,
    });
    deps.watch.changed(paid.checkoutId);
  };

const gather = async (deps: Deps, paid: PaidChange, newCoupon: NewCoupon | null): Promise<SettlementFacts> => {
  const [change, checkout] = await Promise.all([
    deps.changes.find('every_account', paid.changeId),
    deps.checkouts.find('every_account', paid.checkoutId),
  ]);
  const subscription = change && (await deps.subscriptions.find('every_account', change.subscriptionId));
  if (!change || !checkout || !subscription) {
    throw platformFail('platform.not_found', `Change ${paid.changeId} of a paid invoice is not here yet.`);
  }
  const [otherLive, scheduled, coupon, entitlements, highest] = await Promise.all([
    subscription.status === 'expired'
      ? deps.subscriptions.findLive(subscription.accountId, subscription.productId)
      : null,
    deps.changes.findScheduled(subscription.id),
    deps.subscriptionCoupons.find(subscription.id),
    deps.plans.entitlementsOf(change.target.items),
    deps.subscriptions.highestVersion(subscription.accountId, subscription.productId),
  ]);
  return {
    change,
    subscription,
    checkout: withSettledInvoice(checkout, paid.invoiceId, paid.dueNow),
    otherLive,
    scheduled,
    coupon,
    newCoupon,
    entitlements,
    paid: paid.paid,
    taxRatePpm: paid.taxRatePpm,
    now: deps.clock.now(),
    version: deps.nextVersion(highest),
  };
};

const writesOf = (
  deps: Deps,
  facts: SettlementFacts,
  decision: Exclude<SettlementDecision, { kind: 'nothing' }>,
): readonly Write[] => {
  const { change, subscription, checkout, scheduled, now } = facts;
  const both = [
    deps.changes.update(decision.change, change.version),
    deps.checkouts.update(decision.checkout, checkout.version),
  ];
  if (decision.kind === 'apply') {
    return [
      ...both,
      // The place is freed before it is taken.
      ...(decision.displaced && facts.otherLive
        ? [deps.subscriptions.update(decision.displaced, facts.otherLive.version)]
        : []),
      deps.subscriptions.update(decision.subscription, subscription.version),
      ...couponWrites(deps, decision.coupon),
      ...(decision.replaced && scheduled ? [deps.changes.update(decision.replaced, scheduled.version)] : []),
    ];
  }
  const item = {
    id: deps.newId('att'),
    code: 'subscription.change_outdated',
    message: decision.message,
    subject: { type: 'subscription_change', id: change.id },
    accountId: subscription.accountId,
    correlationId: checkout.id,
    since: now,
  };
  return [...both, deps.parkedWork.park(item)];
};
