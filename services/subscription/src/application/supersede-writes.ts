import { type Write } from '@quittance/kernel';

import { type OpenCheckout, type Superseded } from '../domain/supersede.ts';
import { type Changes, type Checkouts, type Subscriptions } from './ports.ts';

interface Deps {
  readonly checkouts: Checkouts;
  readonly subscriptions: Subscriptions;
  readonly changes: Changes;
}

/** The rows of a checkout that gave way. */
export const supersedeWrites = (
  { checkouts, subscriptions, changes }: Deps,
  open: OpenCheckout | null,
  superseded: Superseded | null,
): readonly Write[] => {
  if (open === null || superseded === null) return [];
  return [
    checkouts.update(superseded.checkout, open.checkout.version),
    ...(superseded.draft ? [subscriptions.update(superseded.draft, open.subscription.version)] : []),
    ...(superseded.change && open.change ? [changes.update(superseded.change, open.change.version)] : []),
  ];
};
