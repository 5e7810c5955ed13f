import { decideDue } from '../domain/decide-due.ts';
import { type UsageCounts } from '../domain/exceeded-limits.ts';
import { restoreReplaced } from '../domain/restore-replaced.ts';
import { type DueKind, type Subscription } from '../domain/subscription.ts';
import { couponWrites } from './claim-coupon.ts';
import { type SubscriptionCoupons } from './coupon-ports.ts';
import { findReplaced } from './find-replaced.ts';
import { type Changes, type FeatureCounts, type NextVersion, type Plans, type Subscriptions } from './ports.ts';
import { setAside, type SetAsideDeps, workOrSetAside } from './set-aside.ts';

interface Deps extends SetAsideDeps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly changes: Changes;
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly featureCounts: FeatureCounts;
  readonly nextVersion: NextVersion;
}

/** `again` while there may be more. */
export type SettleDue = () => Promise<'again' | 'idle'>;

/** What falls due and needs no money. */
const KINDS = ['change', 'cancellation', 'trial_end', 'resume'] as const satisfies readonly DueKind[];
const BATCH = 50;
const NOTHING_COUNTED: UsageCounts = new Map();
/** A replica that dies with a batch in its hands gives it back after this long. */
const LEASE_MS = 15_000;

/**
 * A scheduled change takes effect; a cancellation, a trial or a pause is over. Claimed like renewals, and committed one
 * by one: each has rows and messages of its own, and a kill at any instant leaves it due or done.
 */
export const makeSettleDue =
  (deps: Deps): SettleDue =>
  async () => {
    const wallMs = deps.wallClock.nowMs();
    const claim = { now: deps.clock.now(), wallNow: new Date(wallMs), leaseUntil: new Date(wallMs + LEASE_MS) };
    const { subscriptions, unreadable } = await deps.due.claim({ ...claim, kinds: KINDS, limit: BATCH });
    for (const one of unreadable) await setAside(deps, one, null);
    for (const one of subscriptions) await workOrSetAside(deps, one, () => settleOne(deps, one));
    return subscriptions.length + unreadable.length === 0 ? 'idle' : 'again';
  };

const settleOne = async (deps: Deps, subscription: Subscription): Promise<void> => {
  const scheduled = await deps.changes.findScheduled(subscription.id);
  const applies = subscription.due?.kind === 'change' ? scheduled : null;
  const [coupon, entitlements, usage, highest] = await Promise.all([
    deps.subscriptionCoupons.find(subscription.id),
    deps.plans.entitlementsOf(applies?.target.items ?? subscription.items),
    applies === null ? NOTHING_COUNTED : deps.featureCounts.of(subscription.accountId, subscription.productKey),
    deps.subscriptions.highestVersion(subscription.accountId, subscription.productId),
  ]);
  const version = deps.nextVersion(highest);
  const facts = { subscription, scheduled, coupon, entitlements, usage };
  const decision = decideDue({ ...facts, now: deps.clock.now(), version });
  if (decision.kind === 'nothing') return;
  const replaced = await findReplaced(deps, subscription);
  const restored = restoreReplaced(decision.subscription, replaced);
  await deps.unitOfWork.commit({
    writes: [
      ...(decision.change && scheduled ? [deps.changes.update(decision.change, scheduled.version)] : []),
      ...couponWrites(deps, decision.coupon),
      deps.due.takeOff([{ before: subscription, after: decision.subscription }]),
      // The place is freed before it is taken.
      ...(restored && replaced
        ? [deps.subscriptions.update(restored.subscription, replaced.subscription.version)]
        : []),
    ],
    messages: [...decision.messages, ...(restored?.messages ?? [])],
    audit: [...decision.audit, ...(restored?.audit ?? [])],
    correlationId: applies?.id ?? subscription.id,
  });
};
