import { isZero, type Money, money, subtract } from '@quittance/money';

import { type Charged, differenceLines, newPeriodLines } from './change-lines.ts';
import { basisOf, type ChangeTarget, type PeriodEffect, type PlannedChange } from './change.ts';
import { couponAfter, couponBrought, type CouponFate, soldAs } from './coupon-fate.ts';
import { discountOf, type NewCoupon, type SubscriptionCoupon } from './coupon.ts';
import { decideBonus } from './downgrade-bonus.ts';
import { subscriptionFail } from './errors.ts';
import { type UsageCounts } from './exceeded-limits.ts';
import { cyclesLeft, daysLeft, type MeasureFacts, overOneCycle } from './period-measure.ts';
import { firstPeriod } from './period.ts';
import { comparePerDay, convertedDays, daysFor, daysToMs, type Priced } from './price-per-day.ts';
import { type ItemFacts, wishedPlan } from './resolve-items.ts';
import { type Period, type Subscription, type SubscriptionItem } from './subscription.ts';
import { reallyPaid, unusedPart } from './unused-part.ts';

export interface ChangeFacts extends ItemFacts {
  /** Of the version the subscription was bought at. */
  readonly current: { readonly rank: number; readonly prorationBasis: 'fixed30' | 'actual' };
  /** What takes something off its periods until now. */
  readonly coupon: SubscriptionCoupon | null;
  /** The one that the wish brings, known to be honoured. */
  readonly newCoupon: NewCoupon | null;
  /** What the account has counted of limited features, as far as it is known. */
  readonly usage: UsageCounts;
  readonly upgradedInPeriod: boolean;
  readonly bonusWithinYear: boolean;
  /** The instant everything is counted from. */
  readonly at: Date;
}

/** The wish, resolved into items and prices. */
export interface Wanted {
  readonly facts: ChangeFacts;
  readonly items: readonly [SubscriptionItem, ...SubscriptionItem[]];
  readonly from: Priced;
  readonly to: Priced;
}

/** The difference for the rest of the period, immediate access; nothing for what costs no more. */
export const upgrade = (wanted: Wanted): PlannedChange => {
  const { facts, items } = wanted;
  const { subscription } = facts;
  const period = runningPeriod(subscription);
  const rest = { start: beginOf(facts), end: period.end };
  const fraction = cyclesLeft({ ...subscription, period }, measuredBy(facts));
  const { price, language } = subscription;
  const charged = differenceLines(subscription.items, items, {
    fraction,
    period: rest,
    currency: price.currency,
    language,
  });
  return {
    ...now(wanted, 'upgrade', { kind: 'keep', anchorAt: null }),
    ...charged,
    invoicePeriod: charged.lines.length === 0 ? null : rest,
  };
};

/**
 * The whole new price less what is left of the old one. Where more is left than the new one costs, the same at another
 * interval waits; what adds something begins now all the same, and the rest lengthens its first period.
 */
export const newCycle = (wanted: Wanted): PlannedChange => {
  const { facts, items, from, to } = wanted;
  const { subscription, target } = facts;
  const isSwitch =
    target.planId === subscription.planId && subscription.period !== null && from.interval !== to.interval;
  const kind = isSwitch ? 'interval_switch' : 'upgrade';
  if (isZero(to.price)) return now(wanted, kind, { kind: 'end', at: facts.at });
  const period = firstPeriod(beginOf(facts), to.interval);
  const coupon = couponOverPeriod(wanted);
  const charged = newPeriodLines(items, { unused: unusedOf(wanted), off: coupon.off }, period);
  if (charged === null) return addsSomething(wanted) ? lengthened(wanted, { kind, period }) : later(wanted);
  const paid = lessCoupon(to.price, coupon);
  const effect: PeriodEffect = { kind: 'begin', period, periodKind: 'paid', anchorAt: period.start, paid };
  return { ...now(wanted, kind, effect), ...billed(facts, charged, period), coupon };
};

/** Another plan, more of one, or one more beside it. */
const addsSomething = ({ facts: { subscription }, items }: Wanted): boolean =>
  items.some(({ key, quantity }) => quantity > (subscription.items.find((item) => item.key === key)?.quantity ?? 0));

/** Nothing is billed, and nothing that was paid is lost. A coupon needs an invoice: one that is brought takes nothing off. */
const lengthened = (
  wanted: Wanted,
  { kind, period }: { readonly kind: PlannedChange['kind']; readonly period: Period },
): PlannedChange => {
  const { facts, to } = wanted;
  const coupon =
    facts.newCoupon === null ? couponOverPeriod(wanted) : couponAfter(facts.coupon, soldOver(wanted), 'no_period');
  const paid = unusedOf(wanted)?.amount ?? money(0n, to.price.currency);
  const aCycle = lessCoupon(to.price, coupon);
  const over = daysFor(subtract(paid, aCycle), isZero(aCycle) ? to : { ...to, price: aCycle });
  const end = new Date(period.end.getTime() + daysToMs(over));
  const effect: PeriodEffect = {
    kind: 'begin',
    period: { start: period.start, end },
    periodKind: 'paid',
    anchorAt: end,
    paid,
  };
  return { ...now(wanted, kind, effect), coupon };
};

/** The first paid period begins where the trial would have ended: nobody loses days by paying early. */
export const conversion = (wanted: Wanted): PlannedChange => {
  const { facts, items, to } = wanted;
  const { trialEnd } = facts.subscription;
  const start = trialEnd !== null && trialEnd > facts.at ? trialEnd : facts.at;
  const period = firstPeriod(start, to.interval);
  const coupon = couponOverPeriod(wanted);
  const charged = newPeriodLines(items, { unused: null, off: coupon.off }, period) ?? { lines: [], charge: to.price };
  const paid = lessCoupon(to.price, coupon);
  const effect: PeriodEffect = { kind: 'begin', period, periodKind: 'paid', anchorAt: start, paid };
  return {
    ...now(wanted, 'conversion', isZero(to.price) ? { kind: 'end', at: facts.at } : effect),
    ...billed(facts, charged, period),
    coupon,
  };
};

/** Nothing to pay means nothing to take off. */
const couponOverPeriod = (wanted: Wanted): CouponFate => {
  const { facts, to } = wanted;
  const { subscription, coupon, newCoupon } = facts;
  if (isZero(to.price)) return couponAfter(coupon, soldOver(wanted));
  if (newCoupon !== null) return couponBrought(newCoupon, { id: subscription.id, coupon });
  return couponAfter(coupon, soldOver(wanted), 'whole_period');
};

const soldOver = ({ facts: { subscription, target }, to }: Wanted) => ({
  before: soldAs(subscription),
  after: { ...to, planId: target.planId, currency: to.price.currency },
});

const lessCoupon = (price: Money, { off }: CouponFate): Money =>
  off === null ? price : subtract(price, discountOf(off.discount, price));

/** A coupon that is brought is held and confirmed with an invoice, even where it leaves nothing to pay. */
const billed = ({ newCoupon }: ChangeFacts, { lines, charge }: Charged, period: Period) => {
  const invoiced = isZero(charge) && newCoupon === null ? [] : lines;
  return { lines: invoiced, charge, invoicePeriod: invoiced.length === 0 ? null : period };
};

/** At the end of what was paid; a downgrade is followed by its bonus. */
export const later = (wanted: Wanted): PlannedChange => {
  const { facts, from, to } = wanted;
  const { subscription } = facts;
  const period = subscription.period;
  if (period === null) return now(wanted, 'reduction', { kind: 'end', at: facts.at });
  const isDowngrade = facts.target.planId !== subscription.planId;
  const bonus = isDowngrade ? bonusOf(wanted, period) : { days: 0, note: null };
  const end = period.end;
  const kind = isDowngrade ? 'downgrade' : from.interval === to.interval ? 'reduction' : 'interval_switch';
  return {
    ...now(wanted, kind, afterwards(wanted, end, bonus.days)),
    effectiveAt: end,
    scheduled: true,
    bonusDays: bonus.days,
    bonusNote: isDowngrade ? bonus.note : null,
  };
};

const DAY_MS = 86_400_000;

const afterwards = ({ from, to }: Wanted, end: Date, bonusDays: number): PeriodEffect => {
  if (isZero(to.price)) return { kind: 'end', at: end };
  if (bonusDays === 0) return { kind: 'keep', anchorAt: from.interval === to.interval ? null : end };
  const bonusEnd = new Date(end.getTime() + bonusDays * DAY_MS);
  const nothing = money(0n, to.price.currency);
  return {
    kind: 'begin',
    period: { start: end, end: bonusEnd },
    periodKind: 'bonus',
    anchorAt: bonusEnd,
    paid: nothing,
  };
};

const bonusOf = ({ facts, from, to }: Wanted, period: Period) => {
  const measured = { ...facts.subscription, period };
  return decideBonus({
    daysLeft: daysLeft(measured, measuredBy(facts)),
    from,
    to,
    paid: overOneCycle(reallyPaid(facts.subscription), measured),
    upgradedInPeriod: facts.upgradedInPeriod,
    grantedWithinYear: facts.bonusWithinYear,
  });
};

/** Operators only: now + days left × old ÷ new, counted from what was really paid. */
export const immediateConvert = (wanted: Wanted): PlannedChange => {
  const { facts, from, to } = wanted;
  const { subscription } = facts;
  const measured = { ...subscription, period: runningPeriod(subscription) };
  const price = overOneCycle(reallyPaid(subscription), measured);
  const days = convertedDays(daysLeft(measured, measuredBy(facts)), { ...from, price }, to);
  const lengthMs = days === null ? 0 : daysToMs(days);
  if (!facts.byOperator || comparePerDay(to, from) >= 0n || lengthMs === 0) {
    throw subscriptionFail(
      'subscription.nothing_to_convert',
      `What is left of ${subscription.id} cannot become time on ${facts.target.key}.`,
    );
  }
  const start = beginOf(facts);
  const end = new Date(start.getTime() + lengthMs);
  const paid = unusedOf(wanted)?.amount ?? money(0n, to.price.currency);
  return now(wanted, 'immediate_convert', {
    kind: 'begin',
    period: { start, end },
    periodKind: 'paid',
    anchorAt: end,
    paid,
  });
};

/**
 * Nobody pays more in the middle of a period for a version they did not choose: it comes with the next one. A trial has
 * been paid by nobody and moves at once, as the trial it is.
 */
export const versionMove = (wanted: Wanted): PlannedChange => {
  const { subscription } = wanted.facts;
  if (subscription.status === 'trialing') return now(wanted, 'version_move', { kind: 'keep', anchorAt: null });
  const end = subscription.period?.end ?? null;
  if (end !== null) {
    const moved = now(wanted, 'version_move', afterwards(wanted, end, 0));
    return { ...moved, effectiveAt: end, scheduled: true };
  }
  if (isZero(wanted.to.price)) return now(wanted, 'version_move', { kind: 'end', at: wanted.facts.at });
  throw subscriptionFail(
    'subscription.payment_needed',
    `Plan ${wishedPlan(wanted.facts).key} costs something now; ${subscription.id} has it for nothing and must buy it to move.`,
  );
};

const now = (wanted: Wanted, kind: PlannedChange['kind'], effect: PeriodEffect): PlannedChange => {
  const { facts, items, to } = wanted;
  const { target, subscription, at } = facts;
  const [plan] = items;
  const changed: ChangeTarget = {
    planId: target.planId,
    planVersionId: target.planVersionId,
    planKey: target.key,
    planName: plan.name,
    interval: to.interval,
    items,
    effect,
    basedOn: basisOf(subscription),
  };
  return {
    kind,
    effectiveAt: at,
    scheduled: false,
    charge: money(0n, to.price.currency),
    lines: [],
    invoicePeriod: null,
    bonusDays: 0,
    bonusNote: null,
    coupon: couponAfter(facts.coupon, soldOver(wanted)),
    target: changed,
  };
};

const runningPeriod = (subscription: Subscription): Period => {
  if (subscription.period !== null) return subscription.period;
  throw subscriptionFail('subscription.nothing_to_convert', `Subscription ${subscription.id} has no running period.`);
};

const measuredBy = ({ at, current }: ChangeFacts): MeasureFacts => ({ at, basis: current.prorationBasis });

const unusedOf = ({ facts }: Wanted) => {
  const { subscription } = facts;
  const { period } = subscription;
  if (period === null || subscription.periodKind !== 'paid') return null;
  const amount = unusedPart(subscription, measuredBy(facts));
  const { items, language } = subscription;
  return { items, amount, period: { start: beginOf(facts), end: period.end }, language };
};

/** Now; or where a period begins that was paid for while the trial before it lasts: nobody loses days by paying early. */
const beginOf = ({ subscription: { period }, at }: ChangeFacts): Date =>
  period !== null && period.start > at ? period.start : at;
