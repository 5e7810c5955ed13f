import { type AccountId, type Id } from '@quittance/kernel';
import { type Interval, type Money } from '@quittance/money';

import { baseOf } from './line-words.ts';

export type { Interval };
export type TaxBehavior = 'exclusive' | 'inclusive';

export type Entitlement =
  | { readonly kind: 'switch'; readonly feature: string; readonly enabled: boolean }
  | { readonly kind: 'limit'; readonly feature: string; readonly limit: number }
  | { readonly kind: 'unlimited'; readonly feature: string }
  | { readonly kind: 'level'; readonly feature: string; readonly level: string };

export interface PlanPrice {
  readonly priceId: Id<'prc'>;
  readonly interval: Interval;
  readonly amount: Money;
  readonly taxBehavior: TaxBehavior;
  /** ISO country, or null for everywhere. */
  readonly region: string | null;
}

/** A group of models with a quota of its own; its id is the same over all versions of the plan. */
export interface PlanItem {
  readonly id: string;
  /** Language → name. */
  readonly names: Readonly<Record<string, string>>;
  readonly models: readonly string[];
  /** Per reset; −1 is unlimited. */
  readonly quota: number;
  readonly reset: 'day' | 'week' | 'month';
  readonly overage: 'block' | 'charge' | 'warn';
}

/** A published plan version, as catalog told it. */
export interface Plan {
  readonly planId: Id<'pln'>;
  readonly planVersionId: Id<'plv'>;
  readonly status: 'published' | 'retired';
  readonly productId: Id<'prd'>;
  readonly productKey: string;
  readonly key: string;
  readonly selfServe: boolean;
  readonly names: Readonly<Record<string, string>>;
  readonly prices: readonly PlanPrice[];
  readonly entitlements: readonly Entitlement[];
  readonly rank: number;
  readonly items: readonly PlanItem[];
  readonly prorationBasis: 'fixed30' | 'actual';
  /** 0: no trial. */
  readonly trialDays: number;
  /** A custom plan: for this account only. Null is for everybody. */
  readonly accountId: AccountId | null;
}

/** The price of a region beats the price for everywhere. */
export const priceFor = (
  plan: Plan,
  wanted: { readonly interval: Interval; readonly currency: string; readonly country: string | null },
): PlanPrice | null => {
  const candidates = plan.prices.filter(
    (price) => price.interval === wanted.interval && price.amount.currency === wanted.currency,
  );
  return (
    candidates.find((price) => price.region !== null && price.region === wanted.country) ??
    candidates.find((price) => price.region === null) ??
    null
  );
};

/** In the wanted language (`fr` for `fr-CA`), else English, else the first there is. */
export const planName = (plan: Plan, language: string | null): string =>
  plan.names[language ?? 'en'] ??
  plan.names[baseOf(language ?? 'en')] ??
  plan.names['en'] ??
  Object.values(plan.names)[0] ??
  plan.key;
