import { type AccountId, type AccountScope, type Clock, findInScope, type Id } from '@quittance/kernel';

import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type Page, type PageRequest, type SubscriptionFilter, type Subscriptions } from './ports.ts';

interface Deps {
  readonly subscriptions: Subscriptions;
  readonly clock: Clock;
}

export type ReadSubscriptions = ReturnType<typeof makeReadSubscriptions>;

export const makeReadSubscriptions = ({ subscriptions, clock }: Deps) => ({
  list: (scope: AccountScope, filter: SubscriptionFilter, page: PageRequest): Promise<Page<Subscription>> =>
    subscriptions.list(scope, filter, page),

  one: (scope: AccountScope, id: Id<'sub'>): Promise<Subscription> =>
    findInScope(scope, (reach) => subscriptions.find(reach, id), `There is no subscription ${id} of this account.`),

  /** Straight from the source, for readers whose projection is stale. */
  entitlements: async (
    accountId: AccountId,
  ): Promise<{ readonly documents: readonly EntitlementDocument[]; readonly asOf: Date }> => {
    const asOf = clock.now();
    return { documents: await subscriptions.documents(accountId), asOf };
  },
});
