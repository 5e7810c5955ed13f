import { type Stripe } from 'stripe';

/**
 * A subscription that Stripe renews itself, as customers of an earlier platform have: the parts of Stripe's object that
 * say what it is, how it stands and until when.
 */
export type OwnSubscription = Pick<
  Stripe.Subscription,
  | 'id'
  | 'object'
  | 'billing_cycle_anchor'
  | 'cancel_at_period_end'
  | 'canceled_at'
  | 'created'
  | 'currency'
  | 'customer'
  | 'ended_at'
  | 'latest_invoice'
  | 'livemode'
  | 'metadata'
  | 'start_date'
  | 'status'
> & { readonly items: Stripe.ApiList<OwnSubscriptionItem> };

export type OwnSubscriptionItem = Pick<
  Stripe.SubscriptionItem,
  'id' | 'object' | 'created' | 'current_period_start' | 'current_period_end' | 'metadata' | 'quantity' | 'subscription'
> & {
  readonly price: Pick<Stripe.Price, 'id' | 'object' | 'currency' | 'metadata' | 'unit_amount' | 'type'> & {
    readonly recurring: Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>;
  };
};

/** Its invoice, which is Stripe's own: number, document and collection are theirs. */
export type OwnInvoice = Pick<
  Stripe.Invoice,
  | 'id'
  | 'object'
  | 'amount_due'
  | 'amount_paid'
  | 'billing_reason'
  | 'created'
  | 'currency'
  | 'customer'
  | 'livemode'
  | 'metadata'
  | 'parent'
  | 'period_end'
  | 'period_start'
  | 'status'
>;
