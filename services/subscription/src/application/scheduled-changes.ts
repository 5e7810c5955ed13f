import { type AccountScope, type Clock, findInScope, type Id } from '@quittance/kernel';

import { type SubscriptionChange } from '../domain/change.ts';
import { decideUndo } from '../domain/decide-undo.ts';
import {
  type Changes,
  type NextVersion,
  type Page,
  type PageRequest,
  type Subscriptions,
  type SubscriptionUnitOfWork,
} from './ports.ts';

interface Deps {
  readonly subscriptions: Subscriptions;
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

  /** What waits for its day does not happen; what renews, renews as it is. */
  undo: async (scope: AccountScope, id: Id<'sub'>, changeId: Id<'chg'>): Promise<SubscriptionChange> => {
    const subscription = await subscriptionOf(deps, scope, id);
    const change = await findInScope(
      scope,
      (reach) => deps.changes.find(reach, changeId),
      `There is no change ${changeId} of this account.`,
    );
    const highest = await deps.subscriptions.highestVersion(subscription.accountId, subscription.productId);
    const decision = decideUndo({ subscription, change, now: deps.clock.now(), version: deps.nextVersion(highest) });
    await deps.unitOfWork.commit({
      writes: [
        deps.changes.update(decision.change, change.version),
        deps.subscriptions.update(decision.subscription, subscription.version),
      ],
      messages: [],
      audit: decision.audit,
      correlationId: subscription.id,
    });
    return decision.change;
  },
});

const subscriptionOf = ({ subscriptions }: Deps, scope: AccountScope, id: Id<'sub'>) =>
  findInScope(scope, (reach) => subscriptions.find(reach, id), `There is no subscription ${id} of this account.`);
