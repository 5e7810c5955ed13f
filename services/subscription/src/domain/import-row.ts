import { type AccountId } from '@quittance/kernel';
import { type Interval, isZero, type Money } from '@quittance/money';

import { type LegacyReport } from './legacy.ts';
import { firstPeriod, periodAt } from './period.ts';
import { type TaxBehavior } from './plan.ts';
import { type Period } from './subscription.ts';

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
  /** Where the account is taxed; null leaves it to what is known of it here. */
  readonly country: string | null;
  /** Who the account is at Stripe, and what of it may be charged. */
  readonly stripeCustomer: string | null;
  readonly stripePaymentMethod: string | null;
}

export type ReadRow = { readonly report: LegacyReport } | { readonly refused: string };

/** The source by which imported rows are known. */
export const IMPORT_SOURCE = 'import';

/** Before that nobody sold subscriptions to software over the net: it is a typing mistake. */
const EARLIEST = new Date('1990-01-01T00:00:00Z');

/** Months may have been paid ahead, but nobody was sold more at once: what ends later is a typing mistake. */
const AHEAD_MAX_MS = 3 * 366 * 24 * 60 * 60 * 1000;

/** A row as a report, or what is wrong with it. */
export const reportOf = (row: ImportRow, now: Date): ReadRow => {
  const wrong = wrongOwner(row) ?? wrongLife(row, now) ?? wrongGift(row);
  if (wrong !== null) return { refused: wrong };
  const period = periodOf(row, now);
  const wrongly = wrongPeriod(row, period, now);
  if (wrongly !== null) return { refused: wrongly };
  const anchorAt = anchorOf(row, period);
  return { report: { ...row, source: IMPORT_SOURCE, reference: row.legacyId, anchorAt, period } };
};

const wrongOwner = (row: ImportRow): string | null => {
  const { renewalOwner, stripeSubscription, status } = row;
  if (renewalOwner === 'stripe' && stripeSubscription === null) {
    return 'renewal_owner is stripe, but stripe_subscription is empty.';
  }
  if (renewalOwner === 'platform' && stripeSubscription !== null) {
    return 'renewal_owner is platform, but stripe_subscription says Stripe renews it: it would be charged twice.';
  }
  if (renewalOwner === 'platform' && status === 'past_due') {
    return (
      'It is past_due, and nothing here could be paid to settle it: what is owed stays where it was billed. ' +
      'Import it as active in its present period, or as suspended until it has paid.'
    );
  }
  if (row.stripePaymentMethod !== null && row.stripeCustomer === null) {
    return 'stripe_payment_method needs stripe_customer: a card is charged as somebody’s.';
  }
  return null;
};

const wrongLife = ({ status, startedAt, endedAt, periodStart, periodEnd }: ImportRow, now: Date): string | null => {
  if (startedAt > now) return 'started_at is in the future.';
  if (startedAt < EARLIEST) return 'started_at is before 1990: no subscription is that old.';
  if (status === 'cancelled' && endedAt === null) return 'A cancelled row needs ended_at.';
  if (status !== 'cancelled' && endedAt !== null) return `ended_at is for cancelled rows; this one is ${status}.`;
  if (endedAt !== null && endedAt < startedAt) return 'It ended before it began.';
  if (endedAt !== null && endedAt > now) {
    return 'ended_at is in the future: import it as active with cancel_at_period_end.';
  }
  if ((periodStart === null) !== (periodEnd === null)) return 'Give period_start and period_end, or neither.';
  if (status === 'trialing' && periodEnd === null) return 'A trial needs period_start and period_end: when it ends.';
  return null;
};

/** What costs nothing has no periods here: nothing would ever end it. */
const wrongGift = ({ unitPrice, renewalOwner, cancelAtPeriodEnd }: ImportRow): string | null =>
  isZero(unitPrice) && renewalOwner === 'platform' && cancelAtPeriodEnd
    ? 'It costs nothing and so has no period to end with: import it without cancel_at_period_end, and cancel it on its day.'
    : null;

/** A renewal that is long over must not be charged all at once, and none must be put off by a typing mistake. */
const wrongPeriod = (row: ImportRow, period: Period, now: Date): string | null => {
  const { status, startedAt, renewalOwner, interval, unitPrice } = row;
  if (period.start >= period.end) return 'period_end is not after period_start.';
  if (period.start < startedAt) return 'period_start is before started_at: the subscription had not begun.';
  if (period.start > now) return 'period_start is in the future: give the present period.';
  const isOver = period.end <= now;
  const goesOn = status === 'trialing' || (status === 'active' && !isZero(unitPrice));
  if (isOver && goesOn && renewalOwner === 'platform') {
    return 'Its period is over: it would be charged at once. Give the present period, or another status.';
  }
  const oneCycle = firstPeriod(period.start, interval);
  if (period.end > oneCycle.end && period.end.getTime() - period.start.getTime() > AHEAD_MAX_MS) {
    return `period_end is more than three years after period_start: nothing would be charged until then. Correct it.`;
  }
  return null;
};

const periodOf = ({ periodStart, periodEnd, endedAt, startedAt, interval }: ImportRow, now: Date): Period =>
  periodStart !== null && periodEnd !== null
    ? { start: periodStart, end: periodEnd }
    : periodAt(endedAt ?? now, startedAt, interval);

/**
 * Where the next periods are counted from. A period that is none of its start's (its day was moved, months were paid
 * at once) must not be followed by a short one at the full price: it is counted from where it starts, when it is one
 * whole cycle of that day, and else from its end.
 */
const anchorOf = ({ startedAt, interval }: ImportRow, period: Period): Date => {
  const anchors = [startedAt, period.start];
  return anchors.find((anchor) => isSame(periodAt(period.start, anchor, interval), period)) ?? period.end;
};

const isSame = (left: Period, right: Period): boolean =>
  left.start.getTime() === right.start.getTime() && left.end.getTime() === right.end.getTime();
