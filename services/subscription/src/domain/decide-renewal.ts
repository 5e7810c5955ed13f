import { type AuditEntry } from '@quittance/kernel';
import { must } from '@quittance/kernel';
import { toDecimal } from '@quittance/money';

import { type SubscriptionMessage } from './messages.ts';
import { periodAfter } from './period.ts';
import { type Period, type Subscription } from './subscription.ts';

export interface RenewalDecision {
  readonly subscription: Subscription;
  /** Ties together everything this renewal causes. */
  readonly correlationId: string;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
}

/** One renewal of one period, whoever asks for it and how often: the command for its invoice is named after it. */
export const renewalIdOf = (subscription: Pick<Subscription, 'id'>, period: Period): string =>
  `${subscription.id}:${period.start.toISOString()}`;

/** The period that is paid for next, counted from the anchor. */
export const nextPeriodOf = ({ id, period, anchorAt, interval }: Subscription): Period =>
  periodAfter(must(period, `period of ${id}`), must(anchorAt, `anchor of ${id}`), interval);

/**
 * Its period is over: the next one is invoiced and collected without the customer. Nothing else changes yet, because
 * only a paid invoice changes what somebody has; until then the days of grace after the period run.
 */
export const decideRenewal = (subscription: Subscription, moment: { now: Date; version: number }): RenewalDecision => {
  const period = nextPeriodOf(subscription);
  const renewalId = renewalIdOf(subscription, period);
  const { price } = subscription;
  return {
    subscription: { ...subscription, due: null, version: moment.version, updatedAt: moment.now },
    correlationId: renewalId,
    messages: [{ type: 'open_renewal_invoice', renewalId, subscription, period }],
    audit: [
      {
        action: 'subscription.renewal_begun',
        subject: { type: 'subscription', id: subscription.id },
        accountId: subscription.accountId,
        after: {
          periodStart: period.start.toISOString(),
          periodEnd: period.end.toISOString(),
          price: `${toDecimal(price)} ${price.currency}`,
        },
      },
    ],
  };
};
