import { type AuditEntry, type Id } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import { subscriptionFail } from './errors.ts';
import { adoptedSubscription, asReported, type LegacyReport } from './legacy.ts';
import { itemOfPlan } from './new-subscription.ts';
import { type Plan } from './plan.ts';
import { replacedBy, replacedEntry, versionOver } from './replaced.ts';
import { isLive } from './subscription-status.ts';
import { type Subscription } from './subscription.ts';

export interface AdoptionFacts {
  readonly report: LegacyReport;
  readonly plan: Plan;
  /** The subscription this report has been about before. */
  readonly known: Subscription | null;
  /** Another live subscription of the account for this product. */
  readonly otherLive: Subscription | null;
  /** The account tried the product here before. */
  readonly hadTrial: boolean;
  readonly newId: Id<'sub'>;
  readonly now: Date;
  /** Higher than any version this account's document for the product ever had. */
  readonly version: number;
}

export type AdoptionDecision =
  | {
      readonly kind: 'adopt' | 'follow';
      readonly subscription: Subscription;
      /** A plan without a price gives way. */
      readonly replaced: Subscription | null;
      readonly audit: readonly AuditEntry[];
    }
  /** Nothing to do; `why` is told where somebody reads it. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** Somebody has to look; nothing was changed. */
  | { readonly kind: 'park'; readonly code: ParkedCode; readonly message: string };

type ParkedCode = 'subscription.legacy_second' | 'subscription.legacy_not_mirrored';

/** What a subscription that lives, or lived, elsewhere becomes here. Nobody is charged by it. */
export const decideAdoption = (facts: AdoptionFacts): AdoptionDecision => {
  const { report, known, otherLive } = facts;
  if (known !== null) return follow(facts, known);
  const holdsPlace = isLive(report.status);
  if (holdsPlace && otherLive !== null && !isZero(otherLive.price)) return second(facts, otherLive);
  refuseSecondTrial(facts);
  const subscription = adoptedSubscription(facts.plan, report, {
    id: facts.newId,
    version: versionOver(holdsPlace ? otherLive : null, facts.version),
    now: facts.now,
  });
  const replaced = holdsPlace && otherLive !== null ? replacedBy(otherLive, facts) : null;
  return {
    kind: 'adopt',
    subscription,
    replaced,
    audit: [...(replaced === null ? [] : [replacedEntry(replaced, subscription)]), adoptedEntry(facts, subscription)],
  };
};

/** D21, by whatever way it comes. What Stripe gives is Stripe's to say, and is followed. */
const refuseSecondTrial = ({ report, plan, hadTrial }: AdoptionFacts): void => {
  if (!hadTrial || report.status !== 'trialing' || report.renewalOwner === 'stripe') return;
  throw subscriptionFail(
    'subscription.trial_unavailable',
    `Account ${report.accountId} has had its trial of ${plan.productKey}: import it as active, or leave it out.`,
  );
};

const follow = (facts: AdoptionFacts, known: Subscription): AdoptionDecision => {
  const { report } = facts;
  if (known.renewalOwner !== report.renewalOwner) {
    const message =
      `${report.source} tells of ${report.reference}, but ${known.id} is renewed by the platform now. ` +
      `End it at ${report.source}, or it is charged twice.`;
    return { kind: 'park', code: 'subscription.legacy_not_mirrored', message };
  }
  const { otherLive } = facts;
  const subscription = asReported(onPlan(known, facts), report, facts);
  if (isLive(subscription.status) && otherLive !== null && otherLive.id !== known.id) return second(facts, otherLive);
  if (isSame(known, subscription)) return { kind: 'nothing', why: 'it stands here as it stands there' };
  return { kind: 'follow', subscription, replaced: null, audit: [followedEntry(known, subscription, report)] };
};

/** A plan that was changed there is that plan here, as it is sold now; the same plan stays the version it was. */
const onPlan = (known: Subscription, { plan, report }: AdoptionFacts): Subscription => {
  if (plan.planId === known.planId) return known;
  const { unitPrice: amount, interval, taxBehavior, quantity } = report;
  const item = itemOfPlan(plan, { interval, amount, taxBehavior }, { quantity, language: known.language });
  return {
    ...known,
    planId: plan.planId,
    planVersionId: plan.planVersionId,
    planKey: plan.key,
    planName: item.name,
    items: [item, ...known.items.slice(1)],
  };
};

const second = ({ report }: AdoptionFacts, live: Subscription): AdoptionDecision => ({
  kind: 'park',
  code: 'subscription.legacy_second',
  message:
    `${report.source} has ${report.reference} for account ${report.accountId}, which already has ${live.id} ` +
    `(${live.planKey}) for product ${live.productKey}. Cancel one of the two.`,
});

const isSame = (left: Subscription, right: Subscription): boolean => essence(left) === essence(right);

const essence = ({ version: _version, updatedAt: _updatedAt, ...rest }: Subscription): string =>
  JSON.stringify(rest, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

const adoptedEntry = ({ report }: AdoptionFacts, subscription: Subscription): AuditEntry => ({
  action: 'subscription.adopted',
  subject: { type: 'subscription', id: subscription.id },
  accountId: subscription.accountId,
  reason: `It began elsewhere: ${report.source} ${report.reference}.`,
  after: stateOf(subscription),
});

const followedEntry = (before: Subscription, after: Subscription, report: LegacyReport): AuditEntry => ({
  action: 'subscription.mirrored',
  subject: { type: 'subscription', id: after.id },
  accountId: after.accountId,
  reason: `So it stands at ${report.source}.`,
  before: stateOf(before),
  after: stateOf(after),
});

const stateOf = ({ status, planKey, period, renewalOwner, cancelAtPeriodEnd }: Subscription) => ({
  status,
  plan: planKey,
  renewalOwner,
  cancelAtPeriodEnd,
  periodEnd: period?.end.toISOString() ?? null,
});
