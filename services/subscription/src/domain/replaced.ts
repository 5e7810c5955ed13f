import { type AuditEntry } from '@quittance/kernel';

import { transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

/** A plan gives up its place for another one of the same product. */
export const replacedBy = (
  live: Subscription,
  { now, version }: { readonly now: Date; readonly version: number },
): Subscription => ({
  ...live,
  status: transition(live.status, 'replace'),
  accessUntil: now,
  cancelledAt: now,
  due: null,
  version,
  updatedAt: now,
});

/** Of two documents of one place the one that counts has the higher version: a consumer keeps the first of two alike. */
export const versionOver = (replaced: Subscription | null, version: number): number =>
  replaced === null ? version : version + 1;

export const replacedEntry = (replaced: Subscription, by: Subscription): AuditEntry => ({
  action: 'subscription.replaced',
  subject: { type: 'subscription', id: replaced.id },
  accountId: replaced.accountId,
  reason: `Plan ${by.planKey} took the place of ${replaced.planKey}.`,
  after: { status: replaced.status, replacedBy: by.id },
});
