import { type AuditEntry } from '@quittance/kernel';
import { toDecimal } from '@quittance/money';

import { type SubscriptionChange } from './change.ts';
import { type Subscription } from './subscription.ts';

const about = ({ subscriptionId, accountId }: SubscriptionChange) => ({
  subject: { type: 'subscription', id: subscriptionId },
  accountId,
});

export const requestedEntry = (change: SubscriptionChange): AuditEntry => ({
  action: 'subscription.change_requested',
  ...about(change),
  ...(change.reason === null ? {} : { reason: change.reason }),
  after: {
    changeId: change.id,
    kind: change.kind,
    status: change.status,
    planKey: change.target.planKey,
    interval: change.target.interval,
    effectiveAt: change.effectiveAt.toISOString(),
    charge: `${toDecimal(change.charge)} ${change.charge.currency}`,
    bonusDays: change.bonusDays,
  },
});

export const changedEntry = (change: SubscriptionChange, before: Subscription, after: Subscription): AuditEntry => ({
  action: 'subscription.changed',
  ...about(change),
  before: factsOf(before),
  after: { ...factsOf(after), changeId: change.id, kind: change.kind, bonusDays: change.bonusDays },
});

const factsOf = ({ planKey, interval, price, items, period }: Subscription) => ({
  planKey,
  interval,
  price: `${toDecimal(price)} ${price.currency}`,
  items: items.map(({ key, quantity }) => `${quantity} × ${key}`),
  periodEnd: period?.end.toISOString() ?? null,
});

/** Its day is another one: its period ends later than when it was agreed. */
export const movedEntry = (change: SubscriptionChange): AuditEntry => ({
  action: 'subscription.change_moved',
  ...about(change),
  reason: 'Its period ends later.',
  after: { changeId: change.id, kind: change.kind, effectiveAt: change.effectiveAt.toISOString() },
});

/** The end of a change that did not happen. */
export const notHappenedEntry = (change: SubscriptionChange, reason: string): AuditEntry => ({
  action: `subscription.change_${change.status}`,
  ...about(change),
  reason,
  after: { changeId: change.id, kind: change.kind, status: change.status },
});
