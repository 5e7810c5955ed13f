import { type AuditEntry } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import { subscriptionFail } from './errors.ts';
import { replacedBy, replacedEntry } from './replaced.ts';
import { type Subscription } from './subscription.ts';

export interface Displaced {
  readonly subscription: Subscription;
  readonly audit: AuditEntry;
}

/**
 * What comes back takes its place again. A plan that costs nothing gives it up to one that was paid for, as at a
 * checkout; nothing else does. `holder` null: nobody has the place.
 */
export const takePlace = (
  back: Subscription,
  holder: Subscription | null,
  moment: { readonly now: Date; readonly version: number },
): Displaced | null => {
  if (holder === null) return null;
  if (isZero(back.price) || !isZero(holder.price)) {
    throw subscriptionFail(
      'subscription.already_subscribed',
      `${back.id} cannot come back: the account is on plan ${holder.planKey} (${holder.id}) of product ${holder.productKey} by now.`,
      { details: { subscriptionId: holder.id, planKey: holder.planKey, status: holder.status } },
    );
  }
  const subscription = replacedBy(holder, moment);
  return { subscription, audit: replacedEntry(subscription, back) };
};
