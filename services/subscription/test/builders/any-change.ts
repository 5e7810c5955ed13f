import { type Id, isDomainError, must } from '@quittance/kernel';
import { money } from '@quittance/money';
import fc from 'fast-check';

import { settled } from '../../src/domain/begin-period.ts';
import { type ChangeFacts } from '../../src/domain/change-outcomes.ts';
import { type AdditionWish } from '../../src/domain/change-wish.ts';
import { type PlannedChange, type SubscriptionChange } from '../../src/domain/change.ts';
import { type ChangeDecision, decideChange } from '../../src/domain/decide-change.ts';
import { decideDue } from '../../src/domain/decide-due.ts';
import { decideSettlement, type SettlementDecision } from '../../src/domain/decide-settlement.ts';
import { periodAfter } from '../../src/domain/period.ts';
import { planChange } from '../../src/domain/plan-change.ts';
import { type Interval, type Plan } from '../../src/domain/plan.ts';
import { priceOfItems, type Subscription, type SubscriptionItem } from '../../src/domain/subscription.ts';
import { aSubscription, changeFacts, day, NEWER, PLANS } from './change.ts';

export const DAY_MS = 86_400_000;
export const TAX_RATE_PPM = 200_000;
const IDS: { change: Id<'chg'>; checkout: Id<'chk'> } = {
  change: 'chg_01j8zq4m7e8b2c3d4f5g6h7k01',
  checkout: 'chk_01j8zq4m7e8b2c3d4f5g6h7k01',
};
const COLLECT = { rail: 'card', returnUrls: { success: 'https://a.example/', cancel: 'https://a.example/' } } as const;

const plans = fc.constantFrom(PLANS.free, PLANS.basic, PLANS.standard, PLANS.giveaway);
const intervals = fc.constantFrom<Interval>('month', 'month', 'year', 'P90D');

/** What somebody may ask for; additions, converting and newer versions are for operators. */
export const wishes = fc.record({
  target: plans,
  interval: intervals,
  quantity: fc.integer({ min: 1, max: 9 }),
  basis: fc.constantFrom('actual' as const, 'fixed30' as const),
  additions: fc.constantFrom<readonly AdditionWish[] | null>(
    null,
    null,
    null,
    [],
    [agreed(2)],
    [agreed(5)],
    [{ kind: 'plan', planId: PLANS.giveaway.planId, quantity: 1 }],
  ),
  mode: fc.constantFrom('standard' as const, 'standard' as const, 'standard' as const, 'convert_now' as const),
  newestVersion: fc.boolean(),
});
export type Wish = typeof wishes extends fc.Arbitrary<infer T> ? T : never;
type PlainWish = Pick<Wish, 'target' | 'interval' | 'quantity' | 'basis'>;

/** What somebody may have: bought at list price or for less, in its bonus or in its trial, with something beside it. */
export const worlds = fc
  .record({
    wish: wishes,
    start: starts(),
    state: fc.constantFrom('paid' as const, 'paid' as const, 'paid' as const, 'bonus' as const, 'trial' as const),
    paidPercent: fc.constantFrom(100n, 100n, 73n, 0n),
    training: fc.boolean(),
  })
  .map(({ wish, start, state, paidPercent, training }) => {
    const bought = state === 'trial' ? trialOf(wish.target, start) : worldOf(wish, start);
    const equipped = training ? withItem(bought, trainingItem(2)) : bought;
    return state === 'bonus' ? inBonus(equipped) : paidFor(equipped, paidPercent);
  });

export const worldOf = ({ target, interval, quantity }: Wish, start: Date): Subscription =>
  aSubscription({
    plan: target,
    interval,
    quantity,
    period: target === PLANS.free ? null : periodAfter({ start, end: start }, start, interval),
  });

export const trialOf = (plan: Plan, start: Date): Subscription =>
  aSubscription({ plan, period: null, trialStart: start, trialEnd: new Date(start.getTime() + 14 * DAY_MS) });

const withItem = (subscription: Subscription, item: SubscriptionItem): Subscription => {
  const items = [...subscription.items, item];
  const price = priceOfItems(items, 'USD');
  return settled({
    ...subscription,
    items,
    price,
    periodPaid: subscription.period === null ? subscription.periodPaid : price,
  });
};

const paidFor = (subscription: Subscription, percent: bigint): Subscription => ({
  ...subscription,
  periodPaid: money((subscription.periodPaid.amountMinor * percent) / 100n, 'USD'),
});

const inBonus = (subscription: Subscription): Subscription =>
  subscription.period === null
    ? subscription
    : settled({
        ...subscription,
        periodKind: 'bonus',
        periodPaid: money(0n, 'USD'),
        anchorAt: subscription.period.end,
      });

function agreed(quantity: number): AdditionWish {
  const { key, name, unitPrice, taxBehavior } = trainingItem(quantity);
  return { kind: 'agreed', key, name, unitPrice, taxBehavior, quantity };
}

function trainingItem(quantity: number): SubscriptionItem {
  return {
    key: 'training',
    planId: null,
    planVersionId: null,
    name: 'Training',
    quantity,
    unitPrice: money(1499n, 'USD'),
    taxBehavior: 'exclusive',
  };
}

/** As they are gathered: another plan as it is sold now, the same one at its newest version only where that is asked. */
export const factsOf = (subscription: Subscription, wish: PlainWish & Partial<Wish>, at: Date): ChangeFacts => {
  const base = changeFacts({ subscription });
  const stays = wish.target.planId === subscription.planId && !wish.newestVersion;
  const { target, basis, ...wished } = wish;
  return {
    ...base,
    byOperator: true,
    target: stays ? base.target : newestOf(target),
    wish: { ...base.wish, ...wished, planId: target.planId },
    current: { ...base.current, prorationBasis: basis },
    at,
  };
};

const newestOf = (plan: Plan): Plan => Object.values(NEWER).find(({ planId }) => planId === plan.planId) ?? plan;

/** Null where it is refused: that is an answer too. */
export const unlessRefused = <T>(run: () => T): T | null => {
  try {
    return run();
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
};

export const planned = (facts: ChangeFacts): PlannedChange | null => unlessRefused(() => planChange(facts));

export const commit = (subscription: Subscription, plan: PlannedChange, now: Date): ChangeDecision | null =>
  commitOver(null, { subscription, plan, now });

/** `scheduled`: what waits for its day already. */
export const commitOver = (
  scheduled: SubscriptionChange | null,
  {
    subscription,
    plan,
    now,
  }: { readonly subscription: Subscription; readonly plan: PlannedChange; readonly now: Date },
): ChangeDecision | null =>
  unlessRefused(() =>
    decideChange({
      planned: plan,
      subscription,
      scheduled,
      open: null,
      collect: COLLECT,
      country: null,
      reason: null,
      entitlements: [],
      ids: IDS,
      now,
      version: subscription.version + 1,
    }),
  );

/** The change is paid for as invoicing and the rail would bring it back: what comes of it then. */
export const settlementOf = (subscription: Subscription, decision: ChangeDecision, now: Date): SettlementDecision =>
  decideSettlement({
    change: decision.change,
    subscription,
    coupon: null,
    newCoupon: null,
    checkout: must(decision.checkout, 'a checkout to pay at'),
    scheduled: null,
    entitlements: [],
    paid: decision.change.charge,
    taxRatePpm: TAX_RATE_PPM,
    now,
    version: subscription.version + 2,
  });

export const settle = (subscription: Subscription, decision: ChangeDecision, now: Date): Subscription => {
  const outcome = settlementOf(subscription, decision, now);
  return must(outcome.kind === 'apply' ? outcome.subscription : null, `applied, not ${outcome.kind}`);
};

/** Everything that is told of a subscription and everything that is counted from; not when and how often it was written. */
export const shown = ({ version: _version, updatedAt: _updatedAt, ...told }: Subscription) => told;

export const atItsDay = (waiting: Subscription, scheduled: SubscriptionChange): Subscription => {
  const decision = decideDue({
    subscription: waiting,
    scheduled,
    coupon: null,
    entitlements: [],
    usage: new Map(),
    now: new Date(scheduled.effectiveAt.getTime() + 5 * DAY_MS),
    version: waiting.version + 1,
  });
  return must(decision.kind === 'settle' ? decision.subscription : null, 'the change fell due');
};

export const instantIn = ({ period }: Subscription, part: number): Date => {
  if (period === null) return day('2027-06-16');
  return new Date(period.start.getTime() + Math.floor((period.end.getTime() - period.start.getTime()) * part));
};

/** How much of the period is gone, in millionths. */
export function parts() {
  return fc.integer({ min: 0, max: 999_999 }).map((gone) => gone / 1_000_000);
}

export function starts() {
  return fc.date({ min: day('2026-01-01'), max: day('2029-12-31'), noInvalidDate: true });
}
