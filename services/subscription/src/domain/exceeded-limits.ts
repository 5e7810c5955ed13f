import { type Entitlement } from './plan.ts';

/** Feature → how many are in use. A feature nobody counted is not in it. */
export type UsageCounts = ReadonlyMap<string, number>;

export interface Exceeded {
  readonly feature: string;
  readonly used: number;
  readonly limit: number;
}

/** Which features are used more than these entitlements allow. A feature the plan does not name is allowed none. */
export const exceededLimits = (usage: UsageCounts, entitlements: readonly Entitlement[]): readonly Exceeded[] =>
  [...usage].flatMap(([feature, used]) => {
    const limit = limitOf(entitlements.find((entitlement) => entitlement.feature === feature));
    return limit === null || used <= limit ? [] : [{ feature, used, limit }];
  });

/** Whether any feature is allowed less of than before. */
export const shrinks = (before: readonly Entitlement[], after: readonly Entitlement[]): boolean =>
  before.some((entitlement) => {
    const then = limitOf(entitlement);
    const now = limitOf(after.find(({ feature }) => feature === entitlement.feature));
    return now !== null && (then === null || now < then);
  });

/** Null: no limit. */
const limitOf = (entitlement: Entitlement | undefined): number | null => {
  if (entitlement === undefined) return 0;
  if (entitlement.kind === 'limit') return entitlement.limit;
  if (entitlement.kind === 'switch') return entitlement.enabled ? null : 0;
  return null;
};
