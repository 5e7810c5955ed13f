import { type Id } from '@quittance/kernel';
import { isZero } from '@quittance/money';

import { type AdditionWish, type ChangeWish } from './change-wish.ts';
import { subscriptionFail } from './errors.ts';
import { manyForNothing } from './many-for-nothing.ts';
import { needPrice } from './need-price.ts';
import { itemOfPlan } from './new-subscription.ts';
import { type Interval, type Plan, type PlanPrice } from './plan.ts';
import { type Subscription, type SubscriptionItem } from './subscription.ts';

export interface ItemFacts {
  readonly subscription: Subscription;
  readonly wish: ChangeWish;
  /** The plan it shall be on: the version that was bought where the plan stays. */
  readonly target: Plan;
  /** Plans of wished or moved additions as they are sold now, by id. */
  readonly additions: ReadonlyMap<Id<'pln'>, Plan>;
  /** Every version an item has or may get, by its id. */
  readonly versions: ReadonlyMap<Id<'plv'>, Plan>;
  readonly byOperator: boolean;
  /** Where the buyer is, for prices of a region. */
  readonly country: string | null;
}

/** What will be paid for in every period. What stays keeps its price; what comes has today’s. */
export const resolveItems = (facts: ItemFacts): readonly [SubscriptionItem, ...SubscriptionItem[]] => {
  const { subscription, wish } = facts;
  const interval = wish.interval ?? subscription.interval;
  const [present, ...others] = subscription.items;
  const stays = facts.target.planVersionId === subscription.planVersionId && interval === subscription.interval;
  const one =
    present !== undefined && stays
      ? present
      : itemOfPlan(facts.target, priceOf(facts.target, interval, facts), {
          quantity: 1,
          language: subscription.language,
        });
  const plan = { ...one, quantity: quantityOf(facts, present, one) };
  const additions =
    wish.additions === null
      ? others.map((item) => stayed(item, interval, facts))
      : wish.additions.map((addition) => added(addition, interval, facts));
  refuseRepeatedKeys([plan, ...additions]);
  return [plan, ...additions];
};

/** As many as are wished for, else as many as there were. What costs nothing is had once, unless an operator gives more. */
const quantityOf = (
  { wish, byOperator }: ItemFacts,
  present: SubscriptionItem | undefined,
  { planId, unitPrice, name }: SubscriptionItem,
): number => {
  const had = present?.quantity ?? 1;
  const wished = wish.quantity ?? had;
  if (byOperator || !isZero(unitPrice)) return wished;
  const isKept = present !== undefined && present.planId === planId && isZero(present.unitPrice);
  const most = isKept ? had : 1;
  if (wish.quantity !== null && wish.quantity > most) throw manyForNothing(name);
  return Math.min(wished, most);
};

const priceOf = (plan: Plan, interval: Interval, { subscription, country }: ItemFacts): PlanPrice =>
  needPrice(plan, { interval, currency: subscription.price.currency, country });

/** Unless it is the one that is moved, an addition is what it was. */
const stayed = (item: SubscriptionItem, interval: Interval, facts: ItemFacts): SubscriptionItem => {
  const { wish, additions, subscription } = facts;
  if (item.planId === null || item.planId !== wish.newestAddition) return repriced(item, interval, facts);
  const plan = additions.get(item.planId) ?? null;
  if (!isSoldTo(plan, facts)) {
    throw subscriptionFail('subscription.plan_not_for_sale', `Plan ${item.planId} cannot be had here any more.`);
  }
  const { quantity } = item;
  return itemOfPlan(plan, priceOf(plan, interval, facts), { quantity, language: subscription.language });
};

/** An addition that stays keeps its version, and with another interval takes that version’s price for it. */
const repriced = (item: SubscriptionItem, interval: Interval, facts: ItemFacts): SubscriptionItem => {
  if (interval === facts.subscription.interval) return item;
  const plan = item.planVersionId === null ? undefined : facts.versions.get(item.planVersionId);
  if (plan !== undefined) {
    const price = priceOf(plan, interval, facts);
    return { ...item, unitPrice: price.amount, taxBehavior: price.taxBehavior };
  }
  throw subscriptionFail(
    'subscription.price_unavailable',
    `Item ${item.key} was agreed by hand and has no price per ${interval}; say the items anew.`,
    { details: { available: [] } },
  );
};

const added = (addition: AdditionWish, interval: Interval, facts: ItemFacts): SubscriptionItem => {
  if (addition.kind === 'agreed') {
    refuseOtherCurrency(addition, facts.subscription);
    const { key, name, quantity, unitPrice, taxBehavior } = addition;
    return { key, planId: null, planVersionId: null, name, quantity, unitPrice, taxBehavior };
  }
  const present = facts.subscription.items.slice(1).find((item) => item.planId === addition.planId);
  if (present !== undefined) return { ...repriced(present, interval, facts), quantity: addition.quantity };
  const plan = facts.additions.get(addition.planId) ?? null;
  if (!isSoldTo(plan, facts)) {
    throw subscriptionFail('subscription.plan_not_for_sale', `Plan ${addition.planId} cannot be added here.`);
  }
  return itemOfPlan(plan, priceOf(plan, interval, facts), {
    quantity: addition.quantity,
    language: facts.subscription.language,
  });
};

const refuseOtherCurrency = (addition: Extract<AdditionWish, { kind: 'agreed' }>, { price }: Subscription): void => {
  if (addition.unitPrice.currency === price.currency) return;
  throw subscriptionFail(
    'subscription.price_unavailable',
    `Item ${addition.key} is in ${addition.unitPrice.currency}, the subscription in ${price.currency}.`,
    { details: { available: [{ currency: price.currency }] } },
  );
};

/** What a refusal is about: the plan that is wished for, or the addition that is moved. */
export const wishedPlan = ({ wish, additions, target }: ItemFacts): Plan =>
  (wish.newestAddition === null ? undefined : additions.get(wish.newestAddition)) ?? target;

/** On sale, of this product, for this account; what only people sell, people may add. */
export const isSoldTo = (
  plan: Plan | null,
  { subscription, byOperator }: Pick<ItemFacts, 'subscription' | 'byOperator'>,
): plan is Plan =>
  plan !== null &&
  plan.status === 'published' &&
  plan.productId === subscription.productId &&
  (plan.selfServe || byOperator) &&
  (plan.accountId === null || plan.accountId === subscription.accountId);

const refuseRepeatedKeys = (items: readonly SubscriptionItem[]): void => {
  const keys = items.map(({ key }) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated === undefined) return;
  throw subscriptionFail('subscription.item_repeated', `Item ${repeated} is there twice; say its quantity instead.`);
};
