import {
  type ApiPlannedChange,
  type ApiSubscriptionChange,
  type ChangeSubscription,
  type CommitSubscriptionItems,
  fromApiMoney,
  type PlanSubscriptionChange,
  type PlanSubscriptionItems,
  toApiMoney,
} from '@quittance/contracts';
import { isZero, negate } from '@quittance/money';
import { type z } from 'zod';

import { type ChangePreview } from '../application/index.ts';
import { renewalDiscountParts } from '../domain/begin-period.ts';
import { type AdditionWish, AS_IT_IS, type ChangeWish } from '../domain/change-wish.ts';
import { type SubscriptionChange } from '../domain/change.ts';
import { type CouponFate } from '../domain/coupon-fate.ts';
import { type CollectWish } from '../domain/decide-change.ts';
import { type Period, type Subscription } from '../domain/subscription.ts';
import { toApiItems } from './convert.ts';

type BodyOf<Contract extends { readonly body: unknown }> = z.output<Extract<Contract['body'], z.ZodType>>;
type CustomerWish = BodyOf<typeof PlanSubscriptionChange>;
type OperatorWish = BodyOf<typeof PlanSubscriptionItems>;
type CommitWish = BodyOf<typeof ChangeSubscription> | BodyOf<typeof CommitSubscriptionItems>;

export const fromApiWish = (body: CustomerWish): ChangeWish => ({
  ...AS_IT_IS,
  planId: body.planId ?? null,
  interval: body.interval ?? null,
  quantity: body.quantity ?? null,
  coupon: body.coupon ?? null,
});

export const fromApiOperatorWish = (body: OperatorWish): ChangeWish => ({
  ...fromApiWish(body),
  additions: body.items === undefined ? null : body.items.map(toAddition),
  mode: body.mode,
  newestVersion: body.newestVersion,
  newestAddition: null,
});

const toAddition = (item: NonNullable<OperatorWish['items']>[number]): AdditionWish =>
  'planId' in item ? { kind: 'plan', ...item } : { kind: 'agreed', ...item, unitPrice: fromApiMoney(item.unitPrice) };

export const fromApiQuote = (quote: CommitWish['quote']) =>
  quote === undefined ? null : { ...quote, at: new Date(quote.at) };

/** Null where the request says nothing of how to pay: what costs nothing needs no more. */
export const fromApiCollect = (body: CommitWish, checkoutId: string): CollectWish | null => {
  if (body.successUrl === undefined || body.cancelUrl === undefined) return null;
  const named = (url: string): string => url.replaceAll('{CHECKOUT_SESSION_ID}', checkoutId);
  return { rail: body.rail, returnUrls: { success: named(body.successUrl), cancel: named(body.cancelUrl) } };
};

export const toApiPlannedChange = (preview: ChangePreview): z.infer<typeof ApiPlannedChange> => {
  const { before, planned, after, quote } = preview;
  return {
    subscriptionId: before.id,
    accountId: before.accountId,
    productId: before.productId,
    currency: before.price.currency,
    country: preview.country,
    kind: planned.kind,
    effectiveAt: planned.effectiveAt.toISOString(),
    scheduled: planned.scheduled,
    bonusDays: planned.bonusDays,
    bonusNote: planned.bonusNote,
    coupon: toApiCouponFate(planned.coupon),
    afterwards: toApiAfterwards(after),
    replacedChange: preview.replaced && toApiChange(preview.replaced),
    supersededCheckoutId: preview.supersededCheckoutId,
    quote: { ...quote, at: quote.at.toISOString() },
    lines: planned.lines.map((line) => ({
      ...line,
      unitPrice: toApiMoney(line.unitPrice),
      period: toApiPeriod(line.period),
    })),
    nextLines: nextLinesOf(after),
  };
};

const toApiCouponFate = ({ before, after, ended, off }: CouponFate) => {
  const coupon = off ?? before;
  if (coupon === null) return null;
  const replaces = ended === 'replaced' && before ? before.code : null;
  const ends = ended === 'replaced' ? null : ended;
  return { code: coupon.code, cyclesLeft: after === null ? 0 : after.cyclesLeft, ends, replaces };
};

const toApiAfterwards = (after: Subscription) => ({
  planId: after.planId,
  planKey: after.planKey,
  planName: after.planName,
  interval: after.interval,
  items: toApiItems(after.items),
  price: toApiMoney(after.price),
  currentPeriod: after.period && toApiPeriod(after.period),
  periodKind: after.periodKind,
  renewsAt: after.due?.kind === 'renewal' ? after.due.at.toISOString() : null,
  accessUntil: after.accessUntil?.toISOString() ?? null,
});

/** What the next renewal will bill: every item at its price, and under it what a coupon takes off. */
const nextLinesOf = (after: Subscription) => {
  const { items, due, period, renewalCoupon } = after;
  if (due?.kind !== 'renewal' || period === null) return [];
  const next = { start: due.at.toISOString(), end: due.at.toISOString() };
  const off = renewalDiscountParts(after);
  return items.flatMap(({ name, quantity, unitPrice, taxBehavior }, index) => {
    const line = { description: name, quantity, unitPrice: toApiMoney(unitPrice), taxBehavior, period: next };
    const part = off[index];
    if (part === undefined || renewalCoupon === null || isZero(part)) return [line];
    const description = `${name} – ${renewalCoupon.code}`;
    return [line, { ...line, description, quantity: 1, unitPrice: toApiMoney(negate(part)) }];
  });
};

const toApiPeriod = ({ start, end }: Period) => ({ start: start.toISOString(), end: end.toISOString() });

export const toApiChange = (change: SubscriptionChange): z.infer<typeof ApiSubscriptionChange> => ({
  id: change.id,
  subscriptionId: change.subscriptionId,
  kind: change.kind,
  status: change.status,
  effectiveAt: change.effectiveAt.toISOString(),
  planId: change.target.planId,
  planKey: change.target.planKey,
  interval: change.target.interval,
  items: toApiItems(change.target.items),
  charge: toApiMoney(change.charge),
  bonusDays: change.bonusDays,
  checkoutId: change.checkoutId,
  reason: change.reason,
  createdAt: change.createdAt.toISOString(),
  settledAt: change.settledAt?.toISOString() ?? null,
});
