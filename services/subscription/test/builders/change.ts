import { type AccountId, type Id, isAccountId, must } from '@quittance/kernel';
import { money } from '@quittance/money';

import { beginPeriod, settled } from '../../src/domain/begin-period.ts';
import { type ChangeFacts } from '../../src/domain/change-outcomes.ts';
import { AS_IT_IS } from '../../src/domain/change-wish.ts';
import { newSubscription } from '../../src/domain/new-subscription.ts';
import { type Entitlement, type Interval, type Plan, priceFor } from '../../src/domain/plan.ts';
import { type Period, type Subscription } from '../../src/domain/subscription.ts';

const id = <P extends string>(prefix: P, n: number): Id<P> =>
  `${prefix}_01j8zq4m7e8b2c3d4f5g6h7k${String(n).padStart(2, '0')}`;

export const day = (text: string): Date => new Date(`${text}T00:00:00.000Z`);

const ACCOUNT: AccountId = must(['acc_neutral'].find(isAccountId), 'account');

const plan = (n: number, key: string, sold: { month: bigint; year: bigint; rank: number; agents: number }): Plan => ({
  planId: id('pln', n),
  planVersionId: id('plv', n),
  status: 'published',
  productId: id('prd', 1),
  productKey: 'automation',
  key,
  selfServe: true,
  names: { en: key.charAt(0).toUpperCase() + key.slice(1) },
  prices: pricesOf(n, sold),
  entitlements: [limit('agents', sold.agents), limit('seats', 10)],
  rank: sold.rank,
  items: [],
  prorationBasis: 'actual',
  trialDays: 14,
  accountId: null,
});

/** A quarter of ninety days costs what three months do. */
const pricesOf = (n: number, sold: { readonly month: bigint; readonly year: bigint }): Plan['prices'] => [
  price(n, 'month', sold.month),
  price(n, 'year', sold.year),
  price(n, 'P90D', sold.month * 3n),
];

const price = (n: number, interval: Interval, whole: bigint): Plan['prices'][number] => ({
  priceId: id('prc', n + (interval === 'month' ? 0 : interval === 'year' ? 50 : 25)),
  interval,
  amount: money(whole * 100n, 'USD'),
  taxBehavior: 'exclusive',
  region: null,
});

const limit = (feature: string, count: number): Entitlement => ({ kind: 'limit', feature, limit: count });

/** Basic 100 a month, Standard 200, as in the rules with numbers; a year costs ten months. */
export const PLANS = {
  free: plan(1, 'free', { month: 0n, year: 0n, rank: 0, agents: 1 }),
  basic: plan(2, 'basic', { month: 100n, year: 1000n, rank: 1, agents: 3 }),
  standard: plan(3, 'standard', { month: 200n, year: 2000n, rank: 2, agents: 10 }),
  giveaway: plan(4, 'giveaway', { month: 90n, year: 900n, rank: 3, agents: 10 }),
} as const;

/** Sold since: Basic for more and with less, Free with less. */
export const NEWER = {
  basic: newer(PLANS.basic, 22, { month: 120n, year: 1200n, agents: 2 }),
  free: newer(PLANS.free, 21, { month: 0n, year: 0n, agents: 0 }),
} as const;

function newer(of: Plan, n: number, sold: { month: bigint; year: bigint; agents: number }): Plan {
  return {
    ...of,
    planVersionId: id('plv', n),
    prices: pricesOf(n, sold),
    entitlements: [limit('agents', sold.agents), limit('seats', 10)],
  };
}

const VERSIONS = new Map([...Object.values(PLANS), ...Object.values(NEWER)].map((each) => [each.planVersionId, each]));

/** Active and paid at list price; with `trialEnd`, in its trial; without a period, on a plan without a price. */
export const aSubscription = (given: {
  readonly plan: Plan;
  readonly period: Period | null;
  readonly interval?: Interval;
  readonly quantity?: number;
  readonly language?: string | null;
  readonly trialStart?: Date;
  readonly trialEnd?: Date;
}): Subscription => {
  const { trialEnd } = given;
  const period =
    trialEnd === undefined ? given.period : { start: given.trialStart ?? day('2027-06-06'), end: trialEnd };
  const wanted = { interval: given.interval ?? 'month', currency: 'USD', country: null };
  const drafted = newSubscription(given.plan, must(priceFor(given.plan, wanted), 'price'), {
    id: id('sub', 1),
    accountId: ACCOUNT,
    quantity: given.quantity ?? 1,
    language: given.language ?? null,
    country: null,
    now: day('2027-01-01'),
    version: 7,
  });
  if (trialEnd !== undefined) return settled({ ...drafted, status: 'trialing', period, periodKind: 'trial', trialEnd });
  const active = { ...drafted, status: 'active', anchorAt: period?.start ?? day('2027-01-01') } as const;
  if (period === null) return settled(active);
  return beginPeriod(active, { period, kind: 'paid', paid: drafted.price, taxRatePpm: 200_000 });
};

export const changeFacts = (change: Partial<ChangeFacts> = {}): ChangeFacts => {
  const subscription = change.subscription ?? aSubscription({ plan: PLANS.basic, period: null });
  const bought = must(VERSIONS.get(subscription.planVersionId), 'bought version');
  return {
    subscription,
    wish: AS_IT_IS,
    target: bought,
    additions: new Map(Object.values(PLANS).map((each) => [each.planId, each])),
    versions: VERSIONS,
    byOperator: false,
    country: null,
    current: { rank: bought.rank, prorationBasis: bought.prorationBasis },
    coupon: null,
    newCoupon: null,
    usage: new Map(),
    upgradedInPeriod: false,
    bonusWithinYear: false,
    at: day('2027-06-16'),
    ...change,
  };
};
