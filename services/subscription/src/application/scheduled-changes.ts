import { type AccountScope, type Clock, findInScope, type Id } from '@quittance/kernel';

import { type SubscriptionChange } from '../domain/change.ts';
import { decideUndo } from '../domain/decide-undo.ts';
import { releaseCoupon } from './claim-coupon.ts';
import { type CouponClaims } from './coupon-ports.ts';
import { findOpenCheckout } from './find-open-checkout.ts';
import {
  type Changes,
  type Checkouts,
  type NextVersion,
  type Page,
  type PageRequest,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';
import { supersedeWrites } from './supersede-writes.ts';

interface Deps {
  readonly subscriptions: Subscriptions;
  readonly checkouts: Checkouts;
  readonly couponClaims: CouponClaims;
  readonly changes: Changes;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

export type ScheduledChanges = ReturnType<typeof makeScheduledChanges>;

export const makeScheduledChanges = (deps: Deps) => ({
  list: async (scope: AccountScope, id: Id<'sub'>, page: PageRequest): Promise<Page<SubscriptionChange>> => {
    await subscriptionOf(deps, scope, id);
    return deps.changes.list(scope, id, page);
  },

  /** What waits for its day or its payment does not happen, and can no longer be paid; what renews, renews as it is. */
  undo: async (scope: AccountScope, id: Id<'sub'>, changeId: Id<'chg'>): Promise<SubscriptionChange> => {
    const subscription = await subscriptionOf(deps, scope, id);
    const change = await findInScope(
      scope,
      (reach) => deps.changes.find(reach, changeId),
      `There is no change ${changeId} of this account.`,
    );
    const [open, highest] = await Promise.all([
      findOpenCheckout(deps, subscription.accountId, subscription.productId),
      deps.subscriptions.highestVersion(subscription.accountId, subscription.productId),
    ]);
    const version = deps.nextVersion(highest);
    const decision = decideUndo({ subscription, change, open, now: deps.clock.now(), version });
    const { superseded } = decision;
    const released = superseded && (await releaseCoupon(deps, superseded.checkout.id, 'The change was undone.'));
    await deps.unitOfWork.commit({
      writes: [
        deps.changes.update(decision.change, change.version),
        deps.subscriptions.update(decision.subscription, subscription.version),
        ...supersedeWrites(deps, open, superseded),
        ...(released?.writes ?? []),
      ],
      messages: [...(superseded?.messages ?? []), ...(released?.messages ?? [])],
      audit: decision.audit,
      correlationId: subscription.id,
    });
    return decision.change;
  },
});

const subscriptionOf = ({ subscriptions }: Deps, scope: AccountScope, id: Id<'sub'>) =>
  findInScope(scope, (reach) => subscriptions.find(reach, id), `There is no subscription ${id} of this account.`);
