import { isAccountId } from '@quittance/kernel';
import { type Interval, isInterval } from '@quittance/money';
import { type Stripe } from 'stripe';

import { type LegacyReadOutcome, type LegacySubscriptionReader } from '../application/ports.ts';
import { type LegacySubscription } from '../domain/legacy-subscription.ts';
import { moneyFromStripe } from './stripe-amounts.ts';
import { type StripeClient } from './stripe-client.ts';
import { fromStripeError } from './stripe-errors.ts';
import { fromUnixSeconds } from './stripe-reader.ts';

export interface PlanKeys {
  readonly productKey: string;
  readonly planKey: string;
}

/** Which plan a price of Stripe's is for, by its id. */
export type PricePlans = ReadonlyMap<string, PlanKeys>;

/** Reads subscriptions that Stripe renews itself (`mode=subscription` objects of an earlier platform). */
export const makeStripeLegacy = (client: StripeClient, prices: PricePlans): LegacySubscriptionReader => ({
  readSubscription: async (reference): Promise<LegacyReadOutcome> => {
    try {
      const subscription = await client.read((stripe) => stripe.subscriptions.retrieve(reference));
      const known = fromStripeSubscription(subscription, prices);
      const { customer } = subscription;
      const customerReference = typeof customer === 'string' ? customer : customer.id;
      return known === null ? { outcome: 'none' } : { outcome: 'read', subscription: known, customerReference };
    } catch (error) {
      const failure = fromStripeError(error);
      return failure.outcome === 'unknown' ? failure : { outcome: 'unknown', reason: failure.code };
    }
  },
});

/** Null for one that never began, and for one without a recurring price that we could mirror. */
export const fromStripeSubscription = (
  subscription: Stripe.Subscription,
  prices: PricePlans,
): LegacySubscription | null => {
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
    ...planOf(item.price, metadata, prices),
    priceReference: item.price.id,
    interval,
    quantity: Math.max(1, item.quantity ?? 1),
    unitPrice,
    anchorAt: fromUnixSeconds(subscription.billing_cycle_anchor),
    period: { start: fromUnixSeconds(item.current_period_start), end: fromUnixSeconds(item.current_period_end) },
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    endedAt: subscription.ended_at === null ? null : fromUnixSeconds(subscription.ended_at),
  };
};

/**
 * A plan that was changed at Stripe is another price there, while what the earlier platform wrote on the subscription
 * stays: so the price is asked first, by its id as configured or by what is written on it.
 */
const planOf = (price: Stripe.Price, metadata: Stripe.Metadata, prices: PricePlans) => {
  const configured = prices.get(price.id);
  if (configured !== undefined) return { ...configured, planFrom: 'price' as const };
  const written = keysOn(price.metadata);
  if (written !== null) return { ...written, planFrom: 'price' as const };
  const before = keysOn(metadata);
  if (before !== null) return { ...before, planFrom: 'subscription' as const };
  return { productKey: metadata['product'] ?? null, planKey: metadata['plan'] ?? null, planFrom: null };
};

const keysOn = ({ product, plan }: Stripe.Metadata): PlanKeys | null =>
  product === undefined || plan === undefined ? null : { productKey: product, planKey: plan };

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

const intervalOf = ({ interval, interval_count: count }: Stripe.Price.Recurring): Interval | null => {
  if (count === 1 && interval === 'month') return 'month';
  if (count === 1 && interval === 'year') return 'year';
  const unit = UNITS[interval];
  const written = `P${count}${String(unit)}`;
  return isInterval(written) ? written : null;
};
