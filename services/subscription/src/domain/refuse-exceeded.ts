import { type Wanted } from './change-outcomes.ts';
import { subscriptionFail } from './errors.ts';
import { exceededLimits, shrinks } from './exceeded-limits.ts';
import { entitlementsOf } from './merge-entitlements.ts';
import { wishedPlan } from './resolve-items.ts';

/**
 * Whatever gives less than before is refused while more is in use, however it is called: by plan, quantity, items,
 * interval, version or at the end of a trial. A plan of lower rank is held to its limits even where they are not lower.
 */
export const refuseExceeded = ({ facts, items }: Wanted): void => {
  const { subscription, target, current, versions, usage } = facts;
  const after = entitlementsOf(items, versions);
  const lowerRank = target.planId !== subscription.planId && target.rank < current.rank;
  if (!lowerRank && !shrinks(entitlementsOf(subscription.items, versions), after)) return;
  const exceeded = exceededLimits(usage, after);
  if (exceeded.length === 0) return;
  const named = exceeded.map(({ feature, used, limit }) => `${feature} (${used} of ${limit})`).join(', ');
  throw subscriptionFail(
    'subscription.usage_exceeds_plan',
    `Plan ${wishedPlan(facts).key} allows less than is in use: ${named}.`,
    {
      details: { exceeded },
    },
  );
};
