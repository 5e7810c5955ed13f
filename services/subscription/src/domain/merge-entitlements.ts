import { type Id, must } from '@quittance/kernel';

import { type Entitlement, type Plan } from './plan.ts';
import { type SubscriptionItem } from './subscription.ts';

/** What the bought versions of these items give together; what was agreed by hand gives nothing. */
export const entitlementsOf = (
  items: readonly SubscriptionItem[],
  versions: ReadonlyMap<Id<'plv'>, Plan>,
): readonly Entitlement[] =>
  mergeEntitlements(
    items.flatMap(({ planVersionId, quantity }) =>
      planVersionId === null
        ? []
        : [{ quantity, entitlements: must(versions.get(planVersionId), `plan version ${planVersionId}`).entitlements }],
    ),
  );

interface EntitledItem {
  readonly quantity: number;
  readonly entitlements: readonly Entitlement[];
}

/**
 * What several items give together: limits add up, once per unit bought; unlimited beats any limit; a switch is on when
 * one item turns it on; a level is that of the first item that names it, which is the plan before its additions.
 */
export const mergeEntitlements = (items: readonly EntitledItem[]): readonly Entitlement[] => {
  const merged = new Map<string, Entitlement>();
  for (const { quantity, entitlements } of items) {
    for (const entitlement of entitlements) {
      const more = times(entitlement, quantity);
      const before = merged.get(more.feature);
      merged.set(more.feature, before === undefined ? more : together(before, more));
    }
  }
  return [...merged.values()];
};

const times = (entitlement: Entitlement, quantity: number): Entitlement =>
  entitlement.kind === 'limit' ? { ...entitlement, limit: entitlement.limit * quantity } : entitlement;

const together = (before: Entitlement, more: Entitlement): Entitlement => {
  if (before.kind === 'unlimited') return before;
  if (more.kind === 'unlimited') return more;
  if (before.kind === 'limit' && more.kind === 'limit') return { ...before, limit: before.limit + more.limit };
  if (before.kind === 'switch' && more.kind === 'switch') {
    return { ...before, enabled: before.enabled || more.enabled };
  }
  return before;
};
