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

/** What moves a subscription, and what each one means. */
export const SUBSCRIPTION_TRIGGERS = {
  activate: 'what it was bought with is paid, or it costs nothing',
  abandon: 'its checkout ended unpaid',
  begin_trial: 'a trial without a card begins',
  expire: 'the trial is over and nobody paid',
  change: 'another plan, interval, quantity or item takes effect',
  renew: 'the next period is paid, or costs nothing',
  renew_suspended: 'the next period is paid while an operator withholds access',
  miss_payment: 'the next period could not be collected',
  pause: 'it stands still: no access, no renewal',
  resume: 'it goes on',
  suspend: 'access is withdrawn: by an operator, or because a balance is open',
  reinstate: 'an operator gives access back',
  reinstate_trial: 'an operator gives access back while the trial lasts',
  reinstate_owing: 'an operator gives access back and its open renewal is still to be paid',
  restore: 'the trial that took its place is over',
  cancel: 'it ends',
  replace: 'another plan of the same product takes its place',
} as const;
export type SubscriptionTrigger = keyof typeof SUBSCRIPTION_TRIGGERS;

type Cell = SubscriptionStatus | '-';
type Row = Readonly<Record<SubscriptionTrigger, Cell>>;

const NOTHING = {
  activate: '-',
  abandon: '-',
  begin_trial: '-',
  expire: '-',
  change: '-',
  renew: '-',
  renew_suspended: '-',
  miss_payment: '-',
  pause: '-',
  resume: '-',
  suspend: '-',
  reinstate: '-',
  reinstate_trial: '-',
  reinstate_owing: '-',
  restore: '-',
  cancel: '-',
  replace: '-',
} as const satisfies Row;

const ENDS = { suspend: 'suspended', cancel: 'cancelled', replace: 'cancelled' } as const;

/**
 * Total over status × trigger; `-` is refused. `expired × activate` is legal: money can be on its way while a checkout
 * is being given up, and a paid invoice decides what a customer has. `cancelled × reinstate` is an operator’s
 * correction while the paid period lasts.
 */
export const SUBSCRIPTION_TRANSITIONS = {
  draft: { ...NOTHING, activate: 'active', abandon: 'expired', begin_trial: 'trialing', replace: 'expired' },
  trialing: { ...NOTHING, ...ENDS, activate: 'active', change: 'trialing', expire: 'expired' },
  active: { ...NOTHING, ...ENDS, change: 'active', renew: 'active', miss_payment: 'past_due', pause: 'paused' },
  past_due: { ...NOTHING, ...ENDS, activate: 'active', renew: 'active', miss_payment: 'past_due' },
  paused: { ...NOTHING, ...ENDS, resume: 'active' },
  suspended: {
    ...NOTHING,
    activate: 'active',
    expire: 'expired',
    renew: 'active',
    renew_suspended: 'suspended',
    miss_payment: 'suspended',
    reinstate: 'active',
    reinstate_trial: 'trialing',
    reinstate_owing: 'past_due',
    cancel: 'cancelled',
    replace: 'cancelled',
  },
  cancelled: { ...NOTHING, reinstate: 'active', restore: 'active' },
  expired: { ...NOTHING, activate: 'active' },
} as const satisfies Record<SubscriptionStatus, Row>;

export const canTransition = (from: SubscriptionStatus, trigger: SubscriptionTrigger): boolean =>
  SUBSCRIPTION_TRANSITIONS[from][trigger] !== '-';

/** Throws `subscription.illegal_transition` rather than quietly doing nothing. */
export const transition = (from: SubscriptionStatus, trigger: SubscriptionTrigger): SubscriptionStatus => {
  const to: Cell = SUBSCRIPTION_TRANSITIONS[from][trigger];
  if (to !== '-') return to;
  throw subscriptionFail(
    'subscription.illegal_transition',
    `A subscription that is ${from} cannot ${trigger.replaceAll('_', ' ')}.`,
    { details: { status: from, trigger } },
  );
};

/** Holds the one place an account has per product. The partial unique index of the table says the same. */
export const isLive = (status: SubscriptionStatus): boolean => LIVE.has(status);

const LIVE: ReadonlySet<SubscriptionStatus> = new Set(['trialing', 'active', 'past_due', 'paused', 'suspended']);
