import { type Clock, must } from '@quittance/kernel';

import { AS_IT_IS } from '../domain/change-wish.ts';
import { movedBy, type MoveFacts } from '../domain/decide-move.ts';
import { type Plan } from '../domain/plan.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type SubscriptionCoupons } from './coupon-ports.ts';
import { type Changes, type Checkouts, type FeatureCounts, type Plans } from './ports.ts';

export interface GatherMovesDeps {
  readonly plans: Plans;
  readonly checkouts: Checkouts;
  readonly changes: Changes;
  readonly featureCounts: FeatureCounts;
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly clock: Clock;
}

/** What moves of one plan are thought through from: as `gatherChange`, for many at once. A move earns no bonus. */
export const gatherMoves = async (
  deps: GatherMovesDeps,
  target: Plan,
  subscriptions: readonly Subscription[],
): Promise<readonly MoveFacts[]> => {
  const ids = subscriptions.map(({ id }) => id);
  const accounts = subscriptions.map(({ accountId }) => accountId);
  const [scheduled, awaitingPayment, countries, usage, coupons] = await Promise.all([
    deps.changes.findScheduledOf(ids),
    deps.changes.findAwaitingPayment(ids),
    deps.checkouts.lastCountries(ids),
    deps.featureCounts.ofMany(accounts, target.productKey),
    deps.subscriptionCoupons.findMany(ids),
  ]);
  const held = [...subscriptions, ...[...scheduled.values()].map((change) => change.target)];
  const bought = await deps.plans.findVersions([...new Set(held.flatMap(versionsOf))]);
  const versions = new Map([...bought, target].map((plan) => [plan.planVersionId, plan]));
  const at = deps.clock.now();
  return subscriptions.map((subscription) => {
    const waiting = scheduled.get(subscription.id) ?? null;
    const earlierMove = waiting?.kind === 'version_move' ? waiting : null;
    const moved = movedBy(earlierMove, subscription);
    const { rank, prorationBasis } = must(versions.get(subscription.planVersionId), 'the version that was bought');
    const isPlan = subscription.planId === target.planId;
    return {
      subscription,
      earlierMove,
      pending: awaitingPayment.has(subscription.id) || waiting !== earlierMove,
      change: {
        subscription: moved,
        wish: { ...AS_IT_IS, ...(isPlan ? { newestVersion: true } : { newestAddition: target.planId }) },
        target: isPlan ? target : must(versions.get(moved.planVersionId), 'the version that stays'),
        additions: new Map([[target.planId, target]]),
        versions,
        byOperator: true,
        country: subscription.country ?? countries.get(subscription.id) ?? null,
        current: { rank, prorationBasis },
        usage: usage.get(subscription.accountId) ?? new Map(),
        coupon: coupons.get(subscription.id) ?? null,
        newCoupon: null,
        upgradedInPeriod: false,
        bonusWithinYear: false,
        at,
      },
    };
  });
};

const versionsOf = ({ planVersionId, items }: Pick<Subscription, 'planVersionId' | 'items'>) => [
  planVersionId,
  ...items.flatMap((item) => (item.planVersionId === null ? [] : [item.planVersionId])),
];
