import { type Clock, type Id, must } from '@quittance/kernel';

import { type ChangeFacts } from '../domain/change-outcomes.ts';
import { type ChangeWish } from '../domain/change-wish.ts';
import { toNewCoupon } from '../domain/coupon.ts';
import { subscriptionFail } from '../domain/errors.ts';
import { type Plan } from '../domain/plan.ts';
import { type Subscription } from '../domain/subscription.ts';
import { findUsableCoupon } from './claim-coupon.ts';
import { type Coupons, type SubscriptionCoupons } from './coupon-ports.ts';
import { type Changes, type Checkouts, type FeatureCounts, type Plans } from './ports.ts';

export interface GatherChangeDeps {
  readonly plans: Plans;
  readonly checkouts: Checkouts;
  readonly changes: Changes;
  readonly featureCounts: FeatureCounts;
  readonly coupons: Coupons;
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly clock: Clock;
}

const YEAR_MS = 365 * 86_400_000;

/** Everything a change is planned from; the same for its preview and its commit. */
export const gatherChange = async (
  deps: GatherChangeDeps,
  subscription: Subscription,
  asked: { readonly wish: ChangeWish; readonly byOperator: boolean; readonly at: Date },
): Promise<ChangeFacts> => {
  const { wish, byOperator, at } = asked;
  const [bought, target, additions, country, history, usage, coupon] = await Promise.all([
    boughtVersions(deps.plans, subscription),
    targetPlan(deps.plans, subscription, wish),
    wishedPlans(deps.plans, wish),
    subscription.country ?? deps.checkouts.lastCountry(subscription.id),
    deps.changes.history(subscription, {
      upgrade: subscription.period?.start ?? at,
      bonus: new Date(at.getTime() - YEAR_MS),
    }),
    deps.featureCounts.of(subscription.accountId, subscription.productKey),
    deps.subscriptionCoupons.find(subscription.id),
  ]);
  const newCoupon = await findUsableCoupon(deps, {
    coupon: wish.coupon,
    planId: (target ?? subscription).planId,
    currency: subscription.price.currency,
  });
  const current = must(bought.get(subscription.planVersionId), `plan version ${subscription.planVersionId}`);
  return {
    subscription,
    wish,
    target: target ?? current,
    additions,
    versions: new Map([...bought, ...byVersion([...(target ? [target] : []), ...additions.values()])]),
    byOperator,
    country,
    current: { rank: current.rank, prorationBasis: current.prorationBasis },
    usage,
    coupon,
    newCoupon: newCoupon && toNewCoupon(newCoupon),
    ...history,
    at,
  };
};

const boughtVersions = async (plans: Plans, { items, planVersionId }: Subscription) => {
  const ids = items.flatMap((item) => (item.planVersionId === null ? [] : [item.planVersionId]));
  return byVersion(await plans.findVersions([...new Set([planVersionId, ...ids])]));
};

/** Null: the version that was bought. */
const targetPlan = async (plans: Plans, subscription: Subscription, wish: ChangeWish): Promise<Plan | null> => {
  const wanted = wish.planId ?? subscription.planId;
  if (wanted === subscription.planId && !wish.newestVersion) return null;
  const plan = await plans.findCurrent(wanted);
  if (plan !== null) return plan;
  throw subscriptionFail('subscription.plan_not_for_sale', `There is no plan ${wanted} to change to.`);
};

const wishedPlans = async (plans: Plans, { additions }: ChangeWish): Promise<ReadonlyMap<Id<'pln'>, Plan>> => {
  const ids = (additions ?? []).flatMap((addition) => (addition.kind === 'plan' ? [addition.planId] : []));
  const found = await Promise.all([...new Set(ids)].map((id) => plans.findCurrent(id)));
  return new Map(found.flatMap((plan) => (plan === null ? [] : [[plan.planId, plan] as const])));
};

const byVersion = (plans: readonly Plan[]): ReadonlyMap<Id<'plv'>, Plan> =>
  new Map(plans.map((plan) => [plan.planVersionId, plan]));
