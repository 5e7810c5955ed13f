/** opening → open → completed; every other end means nothing was charged. */
export const CHECKOUT_STATUSES = ['opening', 'open', 'completed', 'expired', 'failed', 'superseded'] as const;
export type CheckoutStatus = (typeof CHECKOUT_STATUSES)[number];

/** ready: invoice drafted and order opened. lapse: the order can no longer be paid. fail: the rail refused it. */
export const CHECKOUT_TRIGGERS = ['ready', 'complete', 'lapse', 'fail', 'supersede'] as const;
export type CheckoutTrigger = (typeof CHECKOUT_TRIGGERS)[number];

/**
 * Total over status × trigger. Messages arrive in any order, so a trigger that comes too late leaves the status as it
 * is; only payment overrules an ending, because a paid invoice is the truth.
 */
const transitions = {
  opening: { ready: 'open', complete: 'completed', lapse: 'expired', fail: 'failed', supersede: 'superseded' },
  open: { ready: 'open', complete: 'completed', lapse: 'expired', fail: 'failed', supersede: 'superseded' },
  completed: {
    ready: 'completed',
    complete: 'completed',
    lapse: 'completed',
    fail: 'completed',
    supersede: 'completed',
  },
  expired: { ready: 'expired', complete: 'completed', lapse: 'expired', fail: 'expired', supersede: 'expired' },
  failed: { ready: 'failed', complete: 'completed', lapse: 'failed', fail: 'failed', supersede: 'failed' },
  superseded: {
    ready: 'superseded',
    complete: 'completed',
    lapse: 'superseded',
    fail: 'superseded',
    supersede: 'superseded',
  },
} as const satisfies Record<CheckoutStatus, Record<CheckoutTrigger, CheckoutStatus>>;

export const nextCheckoutStatus = (from: CheckoutStatus, trigger: CheckoutTrigger): CheckoutStatus =>
  transitions[from][trigger];

/** Nothing more will happen to it unless money arrives late. */
export const isOver = (status: CheckoutStatus): boolean => status !== 'opening' && status !== 'open';
