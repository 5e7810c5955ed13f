import { type AccountId, type AuditEntry, type Id } from '@quittance/kernel';
import { isZero, toDecimal } from '@quittance/money';

import { asksForTheSame, type Checkout, type Rail, RAILS_OFFERED } from './checkout.ts';
import { documentOf } from './entitlement-document.ts';
import { subscriptionFail } from './errors.ts';
import { manyForNothing } from './many-for-nothing.ts';
import { entitlementsOf } from './merge-entitlements.ts';
import { type SubscriptionMessage } from './messages.ts';
import { needPriceOfMany } from './need-price.ts';
import { newSubscription } from './new-subscription.ts';
import { type Interval, type Plan, type PlanPrice } from './plan.ts';
import { transition } from './subscription-status.ts';
import { type Period, type Subscription } from './subscription.ts';
import { type OpenCheckout, supersede, type Superseded } from './supersede.ts';

export interface CheckoutWish {
  readonly accountId: AccountId;
  readonly planId: Id<'pln'>;
  readonly interval: Interval;
  readonly currency: string;
  readonly rail: Rail;
  readonly country: string | null;
  readonly language: string | null;
  readonly coupon: string | null;
  readonly quantity: number;
  /** An operator sells what is not for self-service, too. */
  readonly byOperator: boolean;
  readonly successUrl: string;
  readonly cancelUrl: string;
}

export interface CheckoutFacts {
  readonly wish: CheckoutWish;
  readonly plan: Plan | null;
  /** The account's live subscription for the plan's product. */
  readonly live: Subscription | null;
  /** Its open checkout for the product, and what it would pay for. */
  readonly open: OpenCheckout | null;
  /** The coupon that the open checkout is about. */
  readonly openCoupon: string | null;
  readonly ids: { readonly checkout: Id<'chk'>; readonly subscription: Id<'sub'> };
  /** The first period if it began now. */
  readonly period: Period;
  readonly now: Date;
  readonly version: number;
}

export type CheckoutDecision =
  | { readonly kind: 'reuse'; readonly checkout: Checkout }
  | {
      readonly kind: 'begin';
      readonly checkout: Checkout;
      readonly subscription: Subscription;
      readonly superseded: Superseded | null;
      readonly messages: readonly SubscriptionMessage[];
      readonly audit: readonly AuditEntry[];
    };

/** Decides one wish to buy. Throws a refusal; never answers with a sale that could not be honoured. */
export const decideCheckout = (facts: CheckoutFacts): CheckoutDecision => {
  const { plan, price } = sellable(facts);
  const free = isZero(price.amount);
  const rail = free ? null : facts.wish.rail;
  refuseSecondSubscription(facts, free);
  if (facts.open) {
    const wanted = { ...facts.wish, planVersionId: plan.planVersionId, rail };
    const sameCoupon = facts.openCoupon === facts.wish.coupon;
    if (sameCoupon && isSameWish(facts.open, wanted) && leadsBackAlike(facts.open, facts))
      return { kind: 'reuse', checkout: facts.open.checkout };
  }
  const begun = free ? activeAtOnce(facts, plan, price) : awaitingPayment(facts, plan, price);
  const by = { id: facts.ids.checkout, now: facts.now, version: facts.version };
  const superseded = facts.open && supersede(facts.open, by);
  return {
    kind: 'begin',
    ...begun,
    superseded,
    messages: [...begun.messages, ...(superseded?.messages ?? [])],
    audit: [...begun.audit, ...(superseded?.audit ?? [])],
  };
};

const isSameWish = (
  { checkout, subscription, change }: OpenCheckout,
  wanted: Parameters<typeof asksForTheSame>[1] & Pick<CheckoutWish, 'quantity'>,
): boolean =>
  change === null && subscription.items[0]?.quantity === wanted.quantity && asksForTheSame(checkout, wanted);

/** To the same addresses in the same language. The open one's have its own id where these have that of a new one. */
const leadsBackAlike = (
  { checkout: { id, returnUrls }, subscription }: OpenCheckout,
  { wish, ids }: Pick<CheckoutFacts, 'wish' | 'ids'>,
): boolean => {
  const own = (url: string): string => url.replaceAll(ids.checkout, id);
  const sameUrls =
    returnUrls === null || (returnUrls.success === own(wish.successUrl) && returnUrls.cancel === own(wish.cancelUrl));
  return sameUrls && subscription.language === wish.language;
};

const sellable = ({ wish, plan }: CheckoutFacts): { plan: Plan; price: PlanPrice } => {
  if (
    plan === null ||
    plan.status !== 'published' ||
    !(plan.selfServe || wish.byOperator) ||
    !isFor(plan, wish.accountId)
  ) {
    throw subscriptionFail('subscription.plan_not_for_sale', `Plan ${wish.planId} cannot be bought here.`);
  }
  const price = needPriceOfMany(plan, wish);
  if (isZero(price.amount) && wish.quantity > 1 && !wish.byOperator) throw manyForNothing(plan.key);
  if (!isZero(price.amount) && !RAILS_OFFERED.includes(wish.rail)) {
    throw subscriptionFail('subscription.rail_unavailable', `Paying by ${wish.rail} is not offered.`, {
      details: { available: RAILS_OFFERED },
    });
  }
  return { plan, price };
};

/** To anybody else a custom plan does not exist. */
const isFor = (plan: Plan, accountId: AccountId): boolean => plan.accountId === null || plan.accountId === accountId;

/** A plan that costs nothing gives way to one that is bought; nothing else does. */
const refuseSecondSubscription = ({ live, plan }: CheckoutFacts, buysFree: boolean): void => {
  if (live === null) return;
  if (isZero(live.price) && !buysFree && live.planId !== plan?.planId) return;
  throw subscriptionFail(
    'subscription.already_subscribed',
    `The account is on plan ${live.planKey} of product ${live.productKey} already.`,
    { details: { subscriptionId: live.id, planKey: live.planKey, status: live.status } },
  );
};

type Begun = {
  readonly checkout: Checkout;
  readonly subscription: Subscription;
  readonly messages: readonly SubscriptionMessage[];
  readonly audit: readonly AuditEntry[];
};

const awaitingPayment = (facts: CheckoutFacts, plan: Plan, price: PlanPrice): Begun => {
  const { wish, period } = facts;
  const subscription: Subscription = { ...draft(facts, plan, price), period };
  const returnUrls = { success: wish.successUrl, cancel: wish.cancelUrl };
  const checkout: Checkout = { ...blankCheckout(facts, plan), rail: wish.rail, renewsAt: period.end, returnUrls };
  return {
    checkout,
    subscription,
    messages: [
      {
        type: 'open_invoice',
        intent: checkout.id,
        kind: 'checkout',
        checkoutId: checkout.id,
        changeId: null,
        accountId: wish.accountId,
        productId: plan.productId,
        subscriptionId: subscription.id,
        period,
        lines: subscription.items.map(({ name, quantity, unitPrice, taxBehavior }) => ({
          description: name,
          quantity,
          unitPrice,
          taxBehavior,
          period,
        })),
        currency: price.amount.currency,
        country: wish.country,
        language: wish.language,
        collect: {
          kind: 'checkout',
          rail: wish.rail,
          returnUrls,
        },
      },
    ],
    audit: [createdEntry(checkout, subscription), draftedEntry(subscription)],
  };
};

const activeAtOnce = (facts: CheckoutFacts, plan: Plan, price: PlanPrice): Begun => {
  const drafted = draft(facts, plan, price);
  const subscription: Subscription = {
    ...drafted,
    status: transition(drafted.status, 'activate'),
    anchorAt: facts.now,
  };
  const checkout: Checkout = { ...blankCheckout(facts, plan), status: 'completed' };
  const entitled = entitlementsOf(subscription.items, new Map([[plan.planVersionId, plan]]));
  return {
    checkout,
    subscription,
    messages: [{ type: 'entitlements_changed', document: documentOf(subscription, entitled) }],
    audit: [createdEntry(checkout, subscription), draftedEntry(drafted), activatedEntry(subscription)],
  };
};

const draft = (facts: CheckoutFacts, plan: Plan, price: PlanPrice): Subscription =>
  newSubscription(plan, price, {
    id: facts.ids.subscription,
    accountId: facts.wish.accountId,
    quantity: facts.wish.quantity,
    language: facts.wish.language,
    country: facts.wish.country,
    now: facts.now,
    version: facts.version,
  });

const blankCheckout = ({ ids, wish, now, version }: CheckoutFacts, plan: Plan): Checkout => ({
  id: ids.checkout,
  accountId: wish.accountId,
  subscriptionId: ids.subscription,
  changeId: null,
  productId: plan.productId,
  planVersionId: plan.planVersionId,
  interval: wish.interval,
  currency: wish.currency,
  rail: null,
  country: wish.country,
  status: 'opening',
  invoiceId: null,
  orderId: null,
  dueNow: null,
  renewsAt: null,
  payUrl: null,
  payUntil: null,
  returnUrls: null,
  lastDecline: null,
  failure: null,
  version,
  createdAt: now,
});

const createdEntry = (checkout: Checkout, subscription: Subscription): AuditEntry => ({
  action: 'checkout.created',
  subject: { type: 'checkout', id: checkout.id },
  accountId: checkout.accountId,
  after: {
    planKey: subscription.planKey,
    interval: checkout.interval,
    currency: checkout.currency,
    rail: checkout.rail,
  },
});

const draftedEntry = (subscription: Subscription): AuditEntry => ({
  action: 'subscription.drafted',
  subject: { type: 'subscription', id: subscription.id },
  accountId: subscription.accountId,
  after: {
    status: 'draft',
    planKey: subscription.planKey,
    price: `${toDecimal(subscription.price)} ${subscription.price.currency}`,
  },
});

export const activatedEntry = (subscription: Subscription): AuditEntry => ({
  action: 'subscription.activated',
  subject: { type: 'subscription', id: subscription.id },
  accountId: subscription.accountId,
  after: {
    status: subscription.status,
    planKey: subscription.planKey,
    accessUntil: subscription.accessUntil?.toISOString() ?? null,
  },
});
