import { type Clock, type Id } from '@quittance/kernel';

import { decideTrial, type TrialWish } from '../domain/decide-trial.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type NextVersion, type Plans, type Subscriptions, type SubscriptionUnitOfWork } from './ports.ts';

interface Deps {
  readonly plans: Plans;
  readonly subscriptions: Subscriptions;
  readonly unitOfWork: SubscriptionUnitOfWork;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

export type StartTrial = ReturnType<typeof makeStartTrial>;

/** `id` is reserved by the idempotency key. Two that start at once: the database lets one have the trial. */
export const makeStartTrial =
  (deps: Deps) =>
  async (id: Id<'sub'>, wish: TrialWish, byOperator: boolean): Promise<Subscription> => {
    const done = await deps.subscriptions.find({ account: wish.accountId }, id);
    if (done !== null) return done;
    const plan = await deps.plans.findCurrent(wish.planId);
    const [live, hadTrial, highest] = plan
      ? await Promise.all([
          deps.subscriptions.findLive(wish.accountId, plan.productId),
          deps.subscriptions.hadTrial(wish.accountId, plan.productId),
          deps.subscriptions.highestVersion(wish.accountId, plan.productId),
        ])
      : [null, false, 0];
    const facts = { wish, plan, live, hadTrial, byOperator, id };
    const decision = decideTrial({ ...facts, now: deps.clock.now(), version: deps.nextVersion(highest) });
    await deps.unitOfWork.commit({
      writes: [
        ...(decision.replaced && live ? [deps.subscriptions.update(decision.replaced, live.version)] : []),
        deps.subscriptions.insert(decision.subscription),
      ],
      messages: decision.messages,
      audit: decision.audit,
      correlationId: id,
    });
    return decision.subscription;
  };
