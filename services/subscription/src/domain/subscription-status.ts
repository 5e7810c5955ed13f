import { subscriptionFail } from './errors.ts';

/** D17. */
export const SUBSCRIPTION_STATUSES = [
  'draft',
  'trialing',
  'active',
  'past_due',
  'paused',
  'suspended',
  'cancelled',
  'expired',
] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/**
 * activate: its invoice was paid, or it costs nothing. abandon: the checkout ended unpaid.
 * replace: another plan of the same product took its place.
 */
export const SUBSCRIPTION_TRIGGERS = ['activate', 'abandon', 'replace'] as const;
export type SubscriptionTrigger = (typeof SUBSCRIPTION_TRIGGERS)[number];

type Cell = SubscriptionStatus | 'illegal';

/**
 * Total over status × trigger. `expired × activate` is legal: the money can be on its way while a checkout is being
 * given up, and a paid invoice decides what a customer has.
 */
const transitions = {
  draft: { activate: 'active', abandon: 'expired', replace: 'expired' },
  trialing: { activate: 'active', abandon: 'illegal', replace: 'cancelled' },
  active: { activate: 'illegal', abandon: 'illegal', replace: 'cancelled' },
  past_due: { activate: 'active', abandon: 'illegal', replace: 'cancelled' },
  paused: { activate: 'illegal', abandon: 'illegal', replace: 'cancelled' },
  suspended: { activate: 'active', abandon: 'illegal', replace: 'cancelled' },
  cancelled: { activate: 'illegal', abandon: 'illegal', replace: 'illegal' },
  expired: { activate: 'active', abandon: 'illegal', replace: 'illegal' },
} as const satisfies Record<SubscriptionStatus, Record<SubscriptionTrigger, Cell>>;

export const canTransition = (from: SubscriptionStatus, trigger: SubscriptionTrigger): boolean =>
  transitions[from][trigger] !== 'illegal';

/** Throws `subscription.illegal_transition` rather than quietly doing nothing. */
export const transition = (from: SubscriptionStatus, trigger: SubscriptionTrigger): SubscriptionStatus => {
  const to: Cell = transitions[from][trigger];
  if (to === 'illegal') {
    throw subscriptionFail('subscription.illegal_transition', `A subscription that is ${from} cannot ${trigger}.`, {
      details: { status: from, trigger },
    });
  }
  return to;
};

/** Holds the one place an account has per product. The partial unique index of the table says the same. */
export const isLive = (status: SubscriptionStatus): boolean => LIVE.has(status);

const LIVE: ReadonlySet<SubscriptionStatus> = new Set(['trialing', 'active', 'past_due', 'paused', 'suspended']);
