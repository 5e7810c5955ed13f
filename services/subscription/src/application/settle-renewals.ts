import { type Actor, type Clock, type Id, must, type NewId, platformFail, type Write } from '@quittance/kernel';

import { afterCycle, type SubscriptionCoupon, toRenewalCoupon } from '../domain/coupon.ts';
import {
  decideMissedPayment,
  decideRenewed,
  type OutcomeFacts,
  type PaidRenewal,
  type RenewalOutcome,
} from '../domain/decide-renewal-outcome.ts';
import { type Entitlement } from '../domain/plan.ts';
import { type Period, type Subscription, type SubscriptionItem } from '../domain/subscription.ts';
import { type SubscriptionCoupons } from './coupon-ports.ts';
import {
  type NextVersion,
  type ParkedWork,
  type Plans,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';

interface Deps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly parkedWork: ParkedWork;
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly nextVersion: NextVersion;
}

/** What an invoice tells of a renewal, and the message that told it. */
interface Told {
  readonly subscriptionId: Id<'sub'>;
  readonly correlationId: string;
  readonly cause: { readonly id: string; readonly actor: Actor };
}

export type ToldPaid = Told & PaidRenewal;
export type ToldMissed = Told & {
  readonly period: Period;
  readonly attempt: number;
  readonly reason: string;
  readonly failedAt: Date;
};

export type SettleRenewals = ReturnType<typeof makeSettleRenewals>;

/** What became of renewals: a whole batch of news in one commit, each with the trail of its own renewal. */
export const makeSettleRenewals = (deps: Deps) => ({
  paid: (told: readonly ToldPaid[]): Promise<void> =>
    settleAll(deps, told, { decide: decideRenewed, usesCoupon: true }),
  missed: (told: readonly ToldMissed[]): Promise<void> =>
    settleAll(deps, told, { decide: decideMissedPayment, usesCoupon: false }),
});

type Decide<T> = (facts: OutcomeFacts, told: T) => RenewalOutcome;

interface Settled {
  readonly told: Told;
  readonly outcome: Exclude<RenewalOutcome, { kind: 'nothing' }>;
}

const settleAll = async <T extends Told>(
  deps: Deps,
  told: readonly T[],
  { decide, usesCoupon }: { readonly decide: Decide<T>; readonly usesCoupon: boolean },
): Promise<void> => {
  const before = await gather(deps, told);
  const coupons = await deps.subscriptionCoupons.findMany([...before.subscriptions.values()].map(({ id }) => id));
  const after = new Map(before.subscriptions);
  const settled: Settled[] = [];
  const now = deps.clock.now();
  for (const one of told) {
    const subscription = must(after.get(one.subscriptionId), `subscription ${one.subscriptionId}`);
    const version = deps.nextVersion(Math.max(subscription.version, before.highest.get(placeOf(subscription)) ?? 0));
    const entitlements = await before.entitlementsOf(subscription.items);
    const coupon = coupons.get(subscription.id);
    const renewalCoupon = coupon === undefined ? null : toRenewalCoupon(afterCycle(coupon));
    const outcome = decide({ subscription, entitlements, renewalCoupon, now, version }, one);
    if (outcome.kind === 'nothing') continue;
    if (outcome.kind === 'change') after.set(subscription.id, outcome.subscription);
    settled.push({ told: one, outcome });
  }
  if (settled.length === 0) return;
  const cycles = usesCoupon ? usedCycles(deps, settled, coupons) : [];
  await commit(deps, settled, [...writesOf(deps, { before: before.subscriptions, after }), ...cycles]);
};

/** A paid period is one cycle of the coupon that took something off it. */
const usedCycles = (
  { subscriptionCoupons }: Deps,
  settled: readonly Settled[],
  coupons: ReadonlyMap<string, SubscriptionCoupon>,
): readonly Write[] => {
  const changed = new Set(
    settled.flatMap(({ told, outcome }) => (outcome.kind === 'change' ? [told.subscriptionId] : [])),
  );
  return [...coupons.values()]
    .filter(({ subscriptionId }) => changed.has(subscriptionId))
    .map((coupon) => subscriptionCoupons.useCycle(coupon));
};

interface Gathered {
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** Of the account's documents for the product. */
  readonly highest: ReadonlyMap<string, number>;
  readonly entitlementsOf: (items: readonly SubscriptionItem[]) => Promise<readonly Entitlement[]>;
}

const gather = async ({ subscriptions, plans }: Deps, told: readonly Told[]): Promise<Gathered> => {
  const ids = [...new Set(told.map(({ subscriptionId }) => subscriptionId))];
  const found = await subscriptions.findMany(ids);
  const byId = new Map<string, Subscription>(found.map((one) => [one.id, one]));
  const missing = ids.find((id) => !byId.has(id));
  if (missing !== undefined) throw platformFail('platform.not_found', `Subscription ${missing} is not here.`);
  const known = new Map<string, Promise<readonly Entitlement[]>>();
  const entitlementsOf = (items: readonly SubscriptionItem[]): Promise<readonly Entitlement[]> => {
    const key = JSON.stringify(items.map(({ planVersionId, quantity }) => [planVersionId, quantity]));
    const asked = known.get(key) ?? plans.entitlementsOf(items);
    known.set(key, asked);
    return asked;
  };
  return { subscriptions: byId, highest: await subscriptions.highestVersions(found), entitlementsOf };
};

const placeOf = ({ accountId, productId }: Subscription): string => `${accountId} ${productId}`;

const writesOf = (
  deps: Deps,
  { before, after }: { readonly before: Gathered['subscriptions']; readonly after: ReadonlyMap<string, Subscription> },
): readonly Write[] => {
  const changes = [...before.values()].flatMap((one) => {
    const next = must(after.get(one.id), `subscription ${one.id}`);
    return next === one ? [] : [{ before: one, after: next }];
  });
  return changes.length === 0 ? [] : [deps.subscriptions.updateMany(changes)];
};

const commit = (deps: Deps, settled: readonly Settled[], writes: readonly Write[]): Promise<void> =>
  deps.unitOfWork.commitAll([
    { writes, messages: [], audit: [] },
    ...settled.map(({ told, outcome }) => ({
      writes: outcome.kind === 'park' ? [park(deps, told, outcome)] : [],
      messages: outcome.kind === 'park' ? [] : outcome.messages,
      audit: outcome.audit,
      correlationId: told.correlationId,
      cause: told.cause,
    })),
  ]);

const park = (deps: Deps, told: Told, { code, message, audit }: Extract<RenewalOutcome, { kind: 'park' }>): Write =>
  deps.parkedWork.park({
    id: deps.newId('att'),
    code,
    message,
    subject: { type: 'renewal', id: told.correlationId },
    accountId: must(audit[0]?.accountId, 'account of a parked renewal'),
    correlationId: told.correlationId,
    since: deps.clock.now(),
  });
