import { isAccountId } from '@quittance/kernel';
import { type Stripe } from 'stripe';

import { type LegacyReadOutcome, type LegacySubscriptionReader } from '../application/ports.ts';
import { type LegacySubscription } from '../domain/legacy-subscription.ts';
import { moneyFromStripe } from './stripe-amounts.ts';
import { type StripeClient } from './stripe-client.ts';
import { fromStripeError } from './stripe-errors.ts';
import { fromUnixSeconds } from './stripe-reader.ts';

/** Reads subscriptions that Stripe renews itself (`mode=subscription` objects of an earlier platform). */
export const makeStripeLegacy = (client: StripeClient): LegacySubscriptionReader => ({
  readSubscription: async (reference): Promise<LegacyReadOutcome> => {
    try {
      const subscription = await client.call((stripe) => stripe.subscriptions.retrieve(reference));
      const known = fromStripeSubscription(subscription);
      return known === null ? { outcome: 'none' } : { outcome: 'read', subscription: known };
    } catch (error) {
      const failure = fromStripeError(error);
      return failure.outcome === 'unknown' ? failure : { outcome: 'unknown', reason: failure.code };
    }
  },
});

/** Null for one that never began, and for one without a recurring price that we could mirror. */
export const fromStripeSubscription = (subscription: Stripe.Subscription): LegacySubscription | null => {
  const status = STATUSES[subscription.status];
  const item = subscription.items.data[0];
  const recurring = item?.price.recurring;
  if (item === undefined || recurring === null || recurring === undefined) return null;
  const interval = intervalOf(recurring);
  const unitPrice = moneyFromStripe(item.price.unit_amount ?? 0, item.price.currency);
  if (!status || unitPrice === null || interval === null) return null;
  const { metadata } = subscription;
  return {
    provider: 'stripe',
    reference: subscription.id,
    status,
    accountId: isAccountId(metadata['account']) ? metadata['account'] : null,
    productKey: metadata['product'] ?? null,
    planKey: metadata['plan'] ?? null,
    interval,
    quantity: Math.max(1, item.quantity ?? 1),
    unitPrice,
    anchorAt: fromUnixSeconds(subscription.billing_cycle_anchor),
    period: { start: fromUnixSeconds(item.current_period_start), end: fromUnixSeconds(item.current_period_end) },
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    endedAt: subscription.ended_at === null ? null : fromUnixSeconds(subscription.ended_at),
  };
};

/** What the SDK may name tomorrow is not guessed: it is not mirrored, and the event is kept. */
const STATUSES: Readonly<Partial<Record<string, LegacySubscription['status']>>> = {
  trialing: 'trialing',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'unpaid',
  paused: 'paused',
  canceled: 'cancelled',
};

const UNITS: Readonly<Partial<Record<string, string>>> = { day: 'D', week: 'W', month: 'M', year: 'Y' };

const intervalOf = ({ interval, interval_count: count }: Stripe.Price.Recurring): string | null => {
  if (count === 1 && (interval === 'month' || interval === 'year')) return interval;
  const unit = UNITS[interval];
  return unit === undefined ? null : `P${count}${unit}`;
};
