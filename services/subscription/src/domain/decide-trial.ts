import { type AccountId, type AuditEntry, type Id } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import { settled } from './begin-period.ts';
import { documentOf } from './entitlement-document.ts';
import { subscriptionFail } from './errors.ts';
import { entitlementsOf } from './merge-entitlements.ts';
import { type SubscriptionMessage } from './messages.ts';
import { needPriceOfMany } from './need-price.ts';
import { newSubscription } from './new-subscription.ts';
import { type Interval, type Plan } from './plan.ts';
import { versionOver } from './replaced.ts';
import { transition } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

export interface TrialWish {
  readonly accountId: AccountId;
  readonly planId: Id<'pln'>;
  readonly interval: Interval;
  readonly currency: string;
  readonly quantity: number;
  readonly country: string | null;
  readonly language: string | null;
  /** Refused: a trial costs nothing. */
  readonly coupon: string | null;
}

export interface TrialFacts {
  readonly wish: TrialWish;
  readonly plan: Plan | null;
  readonly live: Subscription | null;
  readonly hadTrial: boolean;
  readonly byOperator: boolean;
  readonly id: Id<'sub'>;
  readonly now: Date;
  readonly version: number;
}

export interface TrialDecision {
  readonly subscription: Subscription;
  /** The free plan that gives way. */
  readonly replaced: Subscription | null;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
}

const DAY_MS = 86_400_000;

/** D21: once per account and product, no card. What it was a trial of can be paid for while it lasts. */
export const decideTrial = (facts: TrialFacts): TrialDecision => {
  const { wish, live, now, version } = facts;
  const plan = offered(facts);
  if (wish.coupon !== null) {
    throw subscriptionFail(
      'subscription.coupon_takes_nothing',
      `A trial costs nothing; bring coupon ${wish.coupon} when it is converted.`,
      { details: { code: wish.coupon } },
    );
  }
  const price = needPriceOfMany(plan, wish);
  if (live !== null && !isZero(live.price)) {
    throw subscriptionFail('subscription.already_subscribed', `The account is on plan ${live.planKey} already.`, {
      details: { subscriptionId: live.id, planKey: live.planKey, status: live.status },
    });
  }
  const draft = newSubscription(plan, price, { ...wish, id: facts.id, now, version: versionOver(live, version) });
  const trialEnd = new Date(now.getTime() + plan.trialDays * DAY_MS);
  const subscription = settled({
    ...draft,
    status: transition(draft.status, 'begin_trial'),
    anchorAt: now,
    period: { start: now, end: trialEnd },
    periodKind: 'trial',
    trialEnd,
    replaces: live?.id ?? null,
  });
  const replaced =
    live && settled({ ...live, status: transition(live.status, 'replace'), cancelledAt: now, version, updatedAt: now });
  const entitled = entitlementsOf(subscription.items, new Map([[plan.planVersionId, plan]]));
  return {
    subscription,
    replaced,
    messages: [{ type: 'entitlements_changed', document: documentOf(subscription, entitled) }],
    audit: [
      {
        action: 'subscription.trial_started',
        subject: { type: 'subscription', id: subscription.id },
        accountId: wish.accountId,
        after: {
          status: subscription.status,
          planKey: plan.key,
          trialEnd: trialEnd.toISOString(),
          replaced: replaced?.id ?? null,
        },
      },
    ],
  };
};

const offered = ({ wish, plan, hadTrial, byOperator }: TrialFacts): Plan => {
  if (
    plan === null ||
    plan.status !== 'published' ||
    (!plan.selfServe && !byOperator) ||
    (plan.accountId !== null && plan.accountId !== wish.accountId)
  ) {
    throw subscriptionFail('subscription.plan_not_for_sale', `Plan ${wish.planId} cannot be tried here.`);
  }
  if (plan.trialDays > 0 && !hadTrial) return plan;
  throw subscriptionFail(
    'subscription.trial_unavailable',
    hadTrial ? `The account has had its trial of ${plan.productKey}.` : `Plan ${plan.key} offers no trial.`,
  );
};
