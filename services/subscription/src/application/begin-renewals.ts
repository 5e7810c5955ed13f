import { isDomainError } from '@quittance/kernel';

import { decideRenewal, type RenewalDecision } from '../domain/decide-renewal.ts';
import { type Subscription } from '../domain/subscription.ts';
import { couponWrites } from './claim-coupon.ts';
import { type SubscriptionCoupons } from './coupon-ports.ts';
import { type NextVersion } from './ports.ts';
import { setAside, type SetAsideDeps, workOrSetAside } from './set-aside.ts';

interface Deps extends SetAsideDeps {
  readonly subscriptionCoupons: SubscriptionCoupons;
  readonly nextVersion: NextVersion;
}

/** `again` while there may be more. */
export type BeginRenewals = () => Promise<'again' | 'idle'>;

const BATCH = 100;
/** A replica that dies with a batch in its hands gives it back after this long. */
const LEASE_MS = 15_000;

/**
 * Takes what is due, a batch at a time, oldest first, and asks for its invoices. A batch is claimed for a lease, so any
 * number of replicas share the work; each renewal is begun in the commit that takes it off the due list, so a kill at
 * any instant leaves it due or begun, and a second beginning would be the same command.
 */
export const makeBeginRenewals =
  (deps: Deps): BeginRenewals =>
  async () => {
    const { clock, wallClock } = deps;
    const wallMs = wallClock.nowMs();
    const claim = { now: clock.now(), wallNow: new Date(wallMs), leaseUntil: new Date(wallMs + LEASE_MS) };
    const { subscriptions, unreadable } = await deps.due.claim({ ...claim, kinds: ['renewal'], limit: BATCH });
    for (const one of unreadable) await setAside(deps, one, null);
    if (subscriptions.length > 0) await beginTogether(deps, subscriptions);
    return subscriptions.length + unreadable.length === 0 ? 'idle' : 'again';
  };

/** When they cannot be begun together, each goes alone, and the one that is to blame holds up no other. */
const beginTogether = async (deps: Deps, claimed: readonly Subscription[]): Promise<void> => {
  try {
    await commit(deps, claimed);
  } catch (error) {
    if (isDomainError(error) && error.kind === 'unavailable') throw error;
    for (const one of claimed) await workOrSetAside(deps, one, () => commit(deps, [one]));
  }
};

const commit = async (deps: Deps, claimed: readonly Subscription[]): Promise<void> => {
  const now = deps.clock.now();
  const coupons = await deps.subscriptionCoupons.findMany(claimed.map(({ id }) => id));
  const begun = claimed.map((before) => {
    const moment = { now, version: deps.nextVersion(before.version), coupon: coupons.get(before.id) ?? null };
    return { before, decision: decideRenewal(before, moment) };
  });
  await deps.unitOfWork.commitAll([
    {
      writes: [
        deps.due.takeOff(begun.map(changeOf)),
        ...begun.flatMap(({ decision }) => couponWrites(deps, decision.coupon)),
      ],
      messages: [],
      audit: [],
    },
    ...begun.map(({ decision: { messages, audit, correlationId } }) => ({
      writes: [],
      messages,
      audit,
      correlationId,
    })),
  ]);
};

const changeOf = ({ before, decision }: { readonly before: Subscription; readonly decision: RenewalDecision }) => ({
  before,
  after: decision.subscription,
});
