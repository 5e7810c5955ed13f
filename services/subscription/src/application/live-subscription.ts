import { type AccountScope, type Clock, findInScope, type Id } from '@quittance/kernel';

import { decideLife, type LifeFacts } from '../domain/decide-life.ts';
import { type LifeStep } from '../domain/life-step.ts';
import { restoreReplaced } from '../domain/restore-replaced.ts';
import { type Subscription } from '../domain/subscription.ts';
import { releaseCoupon } from './claim-coupon.ts';
import { type CouponClaims } from './coupon-ports.ts';
import { findOpenCheckout } from './find-open-checkout.ts';
import { findReplaced } from './find-replaced.ts';
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
  readonly changes: Changes;
  readonly couponClaims: CouponClaims;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

export interface LifeRequest {
  readonly subscriptionId: Id<'sub'>;
  readonly step: LifeStep;
  readonly reason: string | null;
}

export type LiveSubscription = ReturnType<typeof makeLiveSubscription>;

/** The steps of a life that cost nothing: cancel, pause, resume, suspend, reinstate. */
export const makeLiveSubscription =
  (deps: Deps) =>
  async (scope: AccountScope, { subscriptionId, step, reason }: LifeRequest): Promise<Subscription> => {
    const subscription = await findInScope(
      scope,
      (reach) => deps.subscriptions.find(reach, subscriptionId),
      `There is no subscription ${subscriptionId} of this account.`,
    );
    const [scheduled, open, entitlements, highest] = await Promise.all([
      deps.changes.findScheduled(subscription.id),
      findOpenCheckout(deps, subscription.accountId, subscription.productId),
      deps.plans.entitlementsOf(subscription.items),
      deps.subscriptions.highestVersion(subscription.accountId, subscription.productId),
    ]);
    const facts: LifeFacts = {
      subscription,
      step,
      scheduled,
      open: open?.subscription.id === subscription.id ? open : null,
      entitlements,
      reason,
      now: deps.clock.now(),
      version: deps.nextVersion(highest),
    };
    const decision = decideLife(facts);
    const replaced = await findReplaced(deps, subscription);
    const restored = restoreReplaced(decision.subscription, replaced);
    const superseded = decision.superseded?.checkout;
    const released = superseded && (await releaseCoupon(deps, superseded.id, 'Its checkout was superseded.'));
    await deps.unitOfWork.commit({
      writes: [
        deps.subscriptions.update(decision.subscription, subscription.version),
        // The place is freed before it is taken.
        ...(restored && replaced
          ? [deps.subscriptions.update(restored.subscription, replaced.subscription.version)]
          : []),
        ...(decision.undone && scheduled ? [deps.changes.update(decision.undone, scheduled.version)] : []),
        ...supersedeWrites(deps, facts.open, decision.superseded),
        ...(released?.writes ?? []),
      ],
      messages: [...decision.messages, ...(restored?.messages ?? []), ...(released?.messages ?? [])],
      audit: [...decision.audit, ...(restored?.audit ?? [])],
      correlationId: subscription.id,
    });
    return decision.subscription;
  };
