import { type AccountId, type Id, must } from '@quittance/kernel';

import { type OpenCheckout } from '../domain/supersede.ts';
import { type Changes, type Checkouts, type Subscriptions } from './ports.ts';

interface Deps {
  readonly checkouts: Checkouts;
  readonly subscriptions: Subscriptions;
  readonly changes: Changes;
}

/** The account’s open checkout for a product, with the draft or the change that it would pay for. */
export const findOpenCheckout = async (
  { checkouts, subscriptions, changes }: Deps,
  accountId: AccountId,
  productId: Id<'prd'>,
): Promise<OpenCheckout | null> => {
  const checkout = await checkouts.findOpen(accountId, productId);
  if (checkout === null) return null;
  const [subscription, change] = await Promise.all([
    subscriptions.find({ account: accountId }, checkout.subscriptionId),
    checkout.changeId === null ? null : changes.find({ account: accountId }, checkout.changeId),
  ]);
  return { checkout, subscription: must(subscription, `subscription of ${checkout.id}`), change };
};
