import { type AccountId } from '@quittance/kernel';
import { type Interval, type Money } from '@quittance/money';

import { type LegacyReport } from './legacy.ts';
import { periodAt } from './period.ts';
import { type TaxBehavior } from './plan.ts';

/** One subscription of an earlier platform, as its export says it. */
export interface ImportRow {
  readonly legacyId: string;
  readonly accountId: AccountId;
  readonly productKey: string;
  readonly planKey: string;
  readonly status: LegacyReport['status'];
  readonly interval: Interval;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly taxBehavior: TaxBehavior;
  readonly startedAt: Date;
  /** Null: found from the start. */
  readonly periodStart: Date | null;
  readonly periodEnd: Date | null;
  readonly endedAt: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly renewalOwner: LegacyReport['renewalOwner'];
  /** Stripe's id, of one that Stripe renews. */
  readonly stripeSubscription: string | null;
}

export type ReadRow = { readonly report: LegacyReport } | { readonly refused: string };

/** The source by which imported rows are known. */
export const IMPORT_SOURCE = 'import';

/** A row as a report, or what is wrong with it: a renewal that is long over must not be charged all at once. */
export const reportOf = (row: ImportRow, now: Date): ReadRow => {
  const { periodStart, periodEnd, status, startedAt } = row;
  if (startedAt.getTime() > now.getTime()) return { refused: 'started_at is in the future.' };
  if (row.renewalOwner === 'stripe' && row.stripeSubscription === null) {
    return { refused: 'renewal_owner is stripe, but stripe_subscription is empty.' };
  }
  if ((periodStart === null) !== (periodEnd === null)) {
    return { refused: 'Give period_start and period_end, or neither.' };
  }
  if (status === 'cancelled' && row.endedAt === null) return { refused: 'A cancelled row needs ended_at.' };
  if (row.endedAt !== null && row.endedAt.getTime() < startedAt.getTime())
    return { refused: 'It ended before it began.' };
  const period =
    periodStart !== null && periodEnd !== null
      ? { start: periodStart, end: periodEnd }
      : periodAt(row.endedAt ?? now, startedAt, row.interval);
  if (period.start.getTime() >= period.end.getTime()) return { refused: 'period_end is not after period_start.' };
  const isOver = period.end.getTime() <= now.getTime();
  if (isOver && (status === 'active' || status === 'trialing') && row.renewalOwner === 'platform') {
    return { refused: 'Its period is over: it would be charged at once. Give the present period, or another status.' };
  }
  return { report: { ...row, source: IMPORT_SOURCE, reference: row.legacyId, anchorAt: startedAt, period } };
};
