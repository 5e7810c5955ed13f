import { type AccountScope, type Clock, findInScope, type Id } from '@quittance/kernel';

import { type LifeFacts } from '../domain/decide-life.ts';
import { type LifeStep } from '../domain/life-step.ts';
import { isLive } from '../domain/subscription-status.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type SubscriptionCoupons } from './coupon-ports.ts';
import { findOpenCheckout } from './find-open-checkout.ts';
import { findReplaced } from './find-replaced.ts';
import { type Changes, type Checkouts, type NextVersion, type Plans, type Subscriptions } from './ports.ts';

export interface GatherLifeDeps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly checkouts: Checkouts;
  readonly changes: Changes;
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

export interface LifeRequest {
  readonly subscriptionId: Id<'sub'>;
  readonly step: LifeStep;
  readonly reason: string | null;
}

/** Everything a step is decided from; the same for its preview and the step itself. */
export const gatherLife = async (
  deps: GatherLifeDeps,
  scope: AccountScope,
  { subscriptionId, step, reason }: LifeRequest,
): Promise<LifeFacts> => {
  const subscription = await findInScope(
    scope,
    (reach) => deps.subscriptions.find(reach, subscriptionId),
    `There is no subscription ${subscriptionId} of this account.`,
  );
  const [scheduled, coupon, open, replaced, holder, entitlements, highest] = await Promise.all([
    deps.changes.findScheduled(subscription.id),
    deps.subscriptionCoupons.find(subscription.id),
    findOpenCheckout(deps, subscription.accountId, subscription.productId),
    findReplaced(deps, subscription),
    findHolder(deps, subscription, step),
    deps.plans.entitlementsOf(subscription.items),
    deps.subscriptions.highestVersion(subscription.accountId, subscription.productId),
  ]);
  return {
    subscription,
    step,
    scheduled,
    coupon,
    open: open?.subscription.id === subscription.id ? open : null,
    replaced,
    holder,
    entitlements,
    reason,
    now: deps.clock.now(),
    version: deps.nextVersion(highest),
  };
};

/** What is live holds its place itself. */
const findHolder = async (
  { subscriptions }: GatherLifeDeps,
  { status, accountId, productId }: Subscription,
  step: LifeStep,
): Promise<Subscription | null> =>
  step.kind === 'reinstate' && !isLive(status) ? subscriptions.findLive(accountId, productId) : null;
