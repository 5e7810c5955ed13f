import { type AuditEntry, type Id } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import { applyTarget } from './apply-target.ts';
import { settled } from './begin-period.ts';
import { changedEntry, notHappenedEntry, requestedEntry } from './change-audit.ts';
import { type PlannedChange, type SubscriptionChange } from './change.ts';
import { type Checkout, type Rail, RAILS_OFFERED, type ReturnUrls } from './checkout.ts';
import { couponEndedEntries, renewalCouponOf } from './coupon-fate.ts';
import { documentOf } from './entitlement-document.ts';
import { subscriptionFail } from './errors.ts';
import { type SubscriptionMessage } from './messages.ts';
import { type Entitlement } from './plan.ts';
import { type Subscription } from './subscription.ts';
import { type OpenCheckout, supersede, type Superseded } from './supersede.ts';

/** How what is to be paid now is collected. */
export interface CollectWish {
  readonly rail: Rail;
  readonly returnUrls: ReturnUrls;
}

export interface CommitFacts {
  readonly planned: PlannedChange;
  readonly subscription: Subscription;
  /** What waits for its day already; another change takes its place. */
  readonly scheduled: SubscriptionChange | null;
  /** The account’s open checkout for the product. */
  readonly open: OpenCheckout | null;
  readonly collect: CollectWish | null;
  readonly country: string | null;
  readonly reason: string | null;
  /** Of the items as they will be. */
  readonly entitlements: readonly Entitlement[];
  readonly ids: { readonly change: Id<'chg'>; readonly checkout: Id<'chk'> };
  readonly now: Date;
  readonly version: number;
}

export interface ChangeDecision {
  readonly change: SubscriptionChange;
  /** As it is from now on. What is to be paid for changes only its version yet: no other change was decided on the same one. */
  readonly subscription: Subscription;
  readonly checkout: Checkout | null;
  /** The scheduled change that gives way. */
  readonly replaced: SubscriptionChange | null;
  readonly superseded: Superseded | null;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
}

/** What was planned, committed: paid for first, scheduled, or done at once. */
export const decideChange = (facts: CommitFacts): ChangeDecision => {
  const { planned } = facts;
  if (planned.invoicePeriod !== null || !isZero(planned.charge)) return awaitPayment(facts);
  return planned.scheduled ? schedule(facts) : applyNow(facts);
};

const awaitPayment = (facts: CommitFacts): ChangeDecision => {
  const { planned, subscription, collect, ids, version, now } = facts;
  if (collect === null || planned.invoicePeriod === null) {
    throw subscriptionFail(
      'subscription.payment_needed',
      `The ${planned.kind} is to be paid for before it takes effect: say by successUrl and cancelUrl where the browser goes.`,
    );
  }
  if (!RAILS_OFFERED.includes(collect.rail)) {
    throw subscriptionFail('subscription.rail_unavailable', `Paying by ${collect.rail} is not offered.`, {
      details: { available: RAILS_OFFERED },
    });
  }
  const change: SubscriptionChange = { ...changeOf(facts, 'awaiting_payment'), checkoutId: ids.checkout };
  const superseded = facts.open && supersede(facts.open, { id: change.id, now, version });
  return {
    change,
    subscription: { ...subscription, version, updatedAt: now },
    checkout: checkoutOf(facts, collect),
    replaced: null,
    superseded,
    messages: [
      ...(superseded?.messages ?? []),
      {
        type: 'open_invoice',
        intent: ids.checkout,
        kind: 'plan_change',
        checkoutId: ids.checkout,
        changeId: change.id,
        accountId: subscription.accountId,
        productId: subscription.productId,
        subscriptionId: subscription.id,
        period: planned.invoicePeriod,
        lines: planned.lines,
        currency: planned.charge.currency,
        country: facts.country,
        language: null,
        collect: { kind: 'checkout', ...collect },
      },
    ],
    audit: [requestedEntry(change), ...(superseded?.audit ?? [])],
  };
};

const schedule = (facts: CommitFacts): ChangeDecision => {
  const { subscription, planned, version, now } = facts;
  const change = changeOf(facts, 'scheduled');
  const replaced = giveWay(facts);
  const superseded = facts.open && supersede(facts.open, { id: change.id, now, version });
  return {
    change,
    subscription: settled(
      { ...subscription, version, updatedAt: now },
      { ...planned, renewalCoupon: renewalCouponOf(planned.coupon) },
    ),
    checkout: null,
    replaced,
    superseded,
    messages: superseded?.messages ?? [],
    audit: [requestedEntry(change), ...replacedEntries(replaced, change), ...(superseded?.audit ?? [])],
  };
};

const applyNow = (facts: CommitFacts): ChangeDecision => {
  const { subscription, planned, entitlements, now, version } = facts;
  const change: SubscriptionChange = { ...changeOf(facts, 'applied'), settledAt: now };
  const after = applyTarget(subscription, planned.target, {
    charge: planned.charge,
    taxRatePpm: null,
    renewalCoupon: renewalCouponOf(planned.coupon),
    now,
    version,
  });
  const replaced = giveWay(facts);
  const superseded = facts.open && supersede(facts.open, { id: change.id, now, version });
  return {
    change,
    subscription: after,
    checkout: null,
    replaced,
    superseded,
    messages: [
      { type: 'entitlements_changed', document: documentOf(after, entitlements) },
      ...(superseded?.messages ?? []),
    ],
    audit: [
      requestedEntry(change),
      changedEntry(change, subscription, after),
      ...couponEndedEntries(planned.coupon, subscription),
      ...replacedEntries(replaced, change),
      ...(superseded?.audit ?? []),
    ],
  };
};

const giveWay = ({ scheduled, now, version }: CommitFacts): SubscriptionChange | null =>
  scheduled && { ...scheduled, status: 'superseded', settledAt: now, version };

const replacedEntries = (replaced: SubscriptionChange | null, by: SubscriptionChange): readonly AuditEntry[] =>
  replaced === null ? [] : [notHappenedEntry(replaced, `Replaced by ${by.id}.`)];

const changeOf = (facts: CommitFacts, status: SubscriptionChange['status']): SubscriptionChange => ({
  id: facts.ids.change,
  subscriptionId: facts.subscription.id,
  accountId: facts.subscription.accountId,
  kind: facts.planned.kind,
  status,
  effectiveAt: facts.planned.effectiveAt,
  checkoutId: null,
  target: facts.planned.target,
  charge: facts.planned.charge,
  bonusDays: facts.planned.bonusDays,
  reason: facts.reason,
  version: facts.version,
  createdAt: facts.now,
  settledAt: null,
});

const checkoutOf = (facts: CommitFacts, collect: CollectWish): Checkout => {
  const { planned, subscription, ids } = facts;
  const { effect } = planned.target;
  return {
    id: ids.checkout,
    accountId: subscription.accountId,
    subscriptionId: subscription.id,
    changeId: ids.change,
    productId: subscription.productId,
    planVersionId: planned.target.planVersionId,
    interval: planned.target.interval,
    currency: planned.charge.currency,
    rail: collect.rail,
    country: facts.country,
    status: 'opening',
    invoiceId: null,
    orderId: null,
    dueNow: null,
    renewsAt: effect.kind === 'begin' ? effect.period.end : (subscription.period?.end ?? null),
    payUrl: null,
    payUntil: null,
    returnUrls: collect.returnUrls,
    lastDecline: null,
    failure: null,
    version: facts.version,
    createdAt: facts.now,
  };
};
