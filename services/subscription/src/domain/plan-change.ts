import {
  type ChangeFacts,
  conversion,
  immediateConvert,
  later,
  newCycle,
  upgrade,
  versionMove,
  type Wanted,
} from './change-outcomes.ts';
import { type PlannedChange } from './change.ts';
import { subscriptionFail } from './errors.ts';
import { comparePerDay } from './price-per-day.ts';
import { refuseExceeded } from './refuse-exceeded.ts';
import { refuseHugeAmount } from './refuse-huge-amount.ts';
import { isSoldTo, resolveItems } from './resolve-items.ts';
import { transition } from './subscription-status.ts';
import { priceOfItems, type Subscription, type SubscriptionItem } from './subscription.ts';

/**
 * Thinks a change through and does nothing: the one path of every preview and every commit (DESIGN § 8). What is more
 * takes effect when it is paid; what is less waits for the end of the period.
 */
export const planChange = (facts: ChangeFacts): PlannedChange => {
  const planned = think(facts);
  if (facts.newCoupon !== null && planned.coupon.off === null) {
    throw subscriptionFail(
      'subscription.coupon_takes_nothing',
      `Coupon ${facts.newCoupon.code} takes nothing off this ${planned.kind}: it bills no whole period.`,
      { details: { code: facts.newCoupon.code } },
    );
  }
  refuseAfterItsEnd(facts.subscription, planned);
  return planned;
};

/** What ends with its period has nothing that could change after it. */
const refuseAfterItsEnd = ({ id, cancelAtPeriodEnd }: Subscription, { scheduled }: PlannedChange): void => {
  if (!scheduled || !cancelAtPeriodEnd) return;
  throw subscriptionFail('subscription.ends_with_period', `Subscription ${id} ends with its period.`);
};

const think = (facts: ChangeFacts): PlannedChange => {
  refuseUnchangeable(facts);
  const wanted = resolve(facts);
  const planned = outcomeOf(wanted);
  refuseExceeded(wanted);
  return planned;
};

const outcomeOf = (wanted: Wanted): PlannedChange => {
  const { facts } = wanted;
  if (movesVersion(facts)) return versionMove(wanted);
  if (facts.subscription.status === 'trialing') return conversion(wanted);
  if (facts.wish.mode === 'convert_now') return immediateConvert(wanted);
  const direction = directionOf(wanted);
  if (direction === 'less') return later(wanted);
  return startsAnew(wanted) ? newCycle(wanted) : upgrade(wanted);
};

/** Another plan is bought as it is sold now anyway: only what somebody has can be moved to its newest version. */
const movesVersion = ({ wish, target, subscription }: ChangeFacts): boolean =>
  wish.newestAddition !== null ||
  (wish.newestVersion && target.planId === subscription.planId && target.planVersionId !== subscription.planVersionId);

const refuseUnchangeable = (facts: ChangeFacts): void => {
  const { subscription, at } = facts;
  transition(subscription.status, 'change');
  if (subscription.renewalOwner !== 'platform') {
    throw subscriptionFail('subscription.managed_elsewhere', `Subscription ${subscription.id} is renewed by Stripe.`);
  }
  const { target } = facts;
  if (target.planVersionId !== subscription.planVersionId && !isSoldTo(target, facts)) {
    throw subscriptionFail(
      'subscription.plan_not_for_sale',
      `Plan ${facts.wish.planId ?? subscription.planId} cannot be chosen here.`,
    );
  }
  if (subscription.status === 'active' && subscription.period !== null && subscription.period.end <= at) {
    throw subscriptionFail('subscription.renewal_in_progress', `The period of ${subscription.id} is being renewed.`);
  }
};

const resolve = (facts: ChangeFacts): Wanted => {
  const { subscription } = facts;
  const items = resolveItems(facts);
  const interval = facts.wish.interval ?? subscription.interval;
  const price = priceOfItems(items, subscription.price.currency);
  refuseHugeAmount(price, `What subscription ${subscription.id} would have`);
  const same =
    interval === subscription.interval &&
    items.length === subscription.items.length &&
    items.every((item, index) => sameItem(item, subscription.items[index]));
  // A trial is changed by nothing but paying for it; who asks for the newest version does not ask to pay.
  const { newestVersion, newestAddition } = facts.wish;
  if (same && (subscription.status !== 'trialing' || newestVersion || newestAddition !== null)) {
    throw subscriptionFail('subscription.nothing_to_change', `Subscription ${subscription.id} is like that already.`);
  }
  return {
    facts,
    items,
    from: { price: subscription.price, interval: subscription.interval },
    to: { price, interval },
  };
};

const sameItem = (item: SubscriptionItem, other: SubscriptionItem | undefined): boolean =>
  other !== undefined &&
  item.key === other.key &&
  item.planVersionId === other.planVersionId &&
  item.quantity === other.quantity &&
  item.unitPrice.amountMinor === other.unitPrice.amountMinor;

/** By rank where the plan changes; on one plan, an interval is a switch and the rest is a matter of price. */
const directionOf = ({ facts, from, to }: Wanted): 'more' | 'less' => {
  const { target, current, subscription } = facts;
  if (target.planId !== subscription.planId && target.rank !== current.rank) {
    return target.rank > current.rank ? 'more' : 'less';
  }
  if (from.interval !== to.interval && target.planId === subscription.planId) return 'more';
  return comparePerDay(to, from) < 0n ? 'less' : 'more';
};

/** Nothing was paid for the running period, or it is of another length: the new one starts now. */
const startsAnew = ({ facts: { subscription }, from, to }: Wanted): boolean =>
  subscription.period === null || subscription.periodKind !== 'paid' || from.interval !== to.interval;
