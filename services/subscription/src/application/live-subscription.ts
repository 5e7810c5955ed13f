import { type AccountScope } from '@quittance/kernel';

import { decideLife } from '../domain/decide-life.ts';
import { type Subscription } from '../domain/subscription.ts';
import { releaseCoupon } from './claim-coupon.ts';
import { type CouponClaims } from './coupon-ports.ts';
import { gatherLife, type GatherLifeDeps, type LifeRequest } from './gather-life.ts';
import { type SubscriptionUnitOfWork } from './ports.ts';
import { supersedeWrites } from './supersede-writes.ts';

interface Deps extends GatherLifeDeps {
  readonly couponClaims: CouponClaims;
  readonly unitOfWork: SubscriptionUnitOfWork;
}

export type LiveSubscription = ReturnType<typeof makeLiveSubscription>;

/** The steps of a life that cost nothing: cancel, pause, resume, suspend, reinstate. */
export const makeLiveSubscription =
  (deps: Deps) =>
  async (scope: AccountScope, request: LifeRequest): Promise<Subscription> => {
    const facts = await gatherLife(deps, scope, request);
    const { subscription, scheduled, replaced, holder } = facts;
    const decision = decideLife(facts);
    const change = decision.undone ?? decision.moved;
    const superseded = decision.superseded?.checkout;
    const released = superseded && (await releaseCoupon(deps, superseded.id, 'Its checkout was superseded.'));
    await deps.unitOfWork.commit({
      writes: [
        // The place is freed before it is taken.
        ...(decision.displaced && holder ? [deps.subscriptions.update(decision.displaced, holder.version)] : []),
        deps.subscriptions.update(decision.subscription, subscription.version),
        ...(decision.restored && replaced
          ? [deps.subscriptions.update(decision.restored, replaced.subscription.version)]
          : []),
        ...(change && scheduled ? [deps.changes.update(change, scheduled.version)] : []),
        ...supersedeWrites(deps, facts.open, decision.superseded),
        ...(released?.writes ?? []),
      ],
      messages: [...decision.messages, ...(released?.messages ?? [])],
      audit: decision.audit,
      correlationId: subscription.id,
    });
    return decision.subscription;
  };
