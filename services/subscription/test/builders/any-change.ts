import { type Id, isDomainError, must } from '@quittance/kernel';
import fc from 'fast-check';

import { type ChangeFacts } from '../../src/domain/change-outcomes.ts';
import { type PlannedChange, type SubscriptionChange } from '../../src/domain/change.ts';
import { type ChangeDecision, decideChange } from '../../src/domain/decide-change.ts';
import { decideDue } from '../../src/domain/decide-due.ts';
import { decideSettlement } from '../../src/domain/decide-settlement.ts';
import { periodAfter } from '../../src/domain/period.ts';
import { planChange } from '../../src/domain/plan-change.ts';
import { type Subscription } from '../../src/domain/subscription.ts';
import { aSubscription, changeFacts, day, PLANS } from './change.ts';

export const DAY_MS = 86_400_000;
const IDS: { change: Id<'chg'>; checkout: Id<'chk'> } = {
  change: 'chg_01j8zq4m7e8b2c3d4f5g6h7k01',
  checkout: 'chk_01j8zq4m7e8b2c3d4f5g6h7k01',
};
const COLLECT = { rail: 'card', returnUrls: { success: 'https://a.example/', cancel: 'https://a.example/' } } as const;

const plans = fc.constantFrom(PLANS.free, PLANS.basic, PLANS.standard, PLANS.giveaway);
const intervals = fc.constantFrom('month' as const, 'year' as const);

export const wishes = fc.record({
  target: plans,
  interval: intervals,
  quantity: fc.integer({ min: 1, max: 9 }),
  basis: fc.constantFrom('actual' as const, 'fixed30' as const),
});
export type Wish = typeof wishes extends fc.Arbitrary<infer T> ? T : never;

export const factsOf = (subscription: Subscription, wish: Wish, at: Date): ChangeFacts => {
  const base = changeFacts({ subscription });
  return {
    ...base,
    target: wish.target.planId === subscription.planId ? base.target : wish.target,
    wish: { ...base.wish, planId: wish.target.planId, interval: wish.interval, quantity: wish.quantity },
    current: { ...base.current, prorationBasis: wish.basis },
    at,
  };
};

/** Null where the change is refused: that is an answer too. */
export const planned = (facts: ChangeFacts): PlannedChange | null => {
  try {
    return planChange(facts);
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
};

export const commit = (subscription: Subscription, plan: PlannedChange, now: Date): ChangeDecision | null => {
  try {
    return decideChange({
      planned: plan,
      subscription,
      scheduled: null,
      open: null,
      collect: COLLECT,
      country: null,
      reason: null,
      entitlements: [],
      ids: IDS,
      now,
      version: subscription.version + 1,
    });
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
};

/** Pays what is to be paid: the change as invoicing and the rail would bring it back, some minutes later. */
export const settle = (subscription: Subscription, decision: ChangeDecision, now: Date): Subscription => {
  const outcome = decideSettlement({
    change: decision.change,
    subscription,
    checkout: must(decision.checkout, 'a checkout to pay at'),
    scheduled: null,
    coupon: null,
    newCoupon: null,
    entitlements: [],
    paid: decision.change.charge,
    taxRatePpm: 200_000,
    now,
    version: subscription.version + 2,
  });
  return must(outcome.kind === 'apply' ? outcome.subscription : null, `applied, not ${outcome.kind}`);
};

export const worldOf = ({ target, interval, quantity }: Wish, start: Date): Subscription =>
  aSubscription({
    plan: target,
    interval,
    quantity,
    period: target === PLANS.free ? null : periodAfter({ start, end: start }, start, interval),
  });

export const shown = ({
  planVersionId,
  interval,
  items,
  price,
  period,
  periodKind,
  anchorAt,
  due,
  accessUntil,
}: Subscription) => ({
  planVersionId,
  interval,
  items,
  price,
  period,
  periodKind,
  anchorAt,
  due,
  accessUntil,
});

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
