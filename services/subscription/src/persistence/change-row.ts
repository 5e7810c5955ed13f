import { z } from 'zod';

import { CHANGE_KINDS, CHANGE_STATUSES, type ChangeTarget, type SubscriptionChange } from '../domain/change.ts';
import { PERIOD_KINDS } from '../domain/subscription.ts';
import { type Prisma, type SubscriptionChange as ChangeRow } from './generated/client.ts';
import { account, amount, id, Interval, JsonMoney, toJsonMoney } from './row-values.ts';
import { fromJsonItems, toJsonItems } from './subscription-row.ts';

const Instant = z.iso.datetime().transform((text) => new Date(text));
const JsonPeriod = z.strictObject({ start: Instant, end: Instant });

const JsonEffect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keep'), anchorAt: Instant.nullable() }),
  z.strictObject({
    kind: z.literal('begin'),
    period: JsonPeriod,
    periodKind: z.enum(PERIOD_KINDS),
    anchorAt: Instant,
    paid: JsonMoney,
  }),
  z.strictObject({ kind: z.literal('end'), at: Instant }),
]);

const PlanVersionId = z.string().transform((value) => id('plv', value));

const JsonTarget = z.strictObject({
  planId: z.string().transform((value) => id('pln', value)),
  planVersionId: PlanVersionId,
  planKey: z.string(),
  planName: z.string(),
  interval: Interval,
  items: z.unknown(),
  effect: JsonEffect,
  basedOn: z.strictObject({ planVersionId: PlanVersionId, price: JsonMoney, periodEnd: Instant.nullable() }),
});

const fromJsonTarget = (json: unknown, currency: string): ChangeTarget => {
  const { items, ...target } = JsonTarget.parse(json);
  return { ...target, items: fromJsonItems(items, currency) };
};

const toJsonTarget = (target: ChangeTarget): Prisma.InputJsonObject => ({
  ...target,
  items: toJsonItems(target.items),
  effect: toJsonEffect(target.effect),
  basedOn: {
    ...target.basedOn,
    price: toJsonMoney(target.basedOn.price),
    periodEnd: target.basedOn.periodEnd?.toISOString() ?? null,
  },
});

const toJsonEffect = (effect: ChangeTarget['effect']): Prisma.InputJsonObject => {
  if (effect.kind === 'end') return { ...effect, at: effect.at.toISOString() };
  if (effect.kind === 'keep') return { ...effect, anchorAt: effect.anchorAt?.toISOString() ?? null };
  const { start, end } = effect.period;
  return {
    ...effect,
    period: { start: start.toISOString(), end: end.toISOString() },
    anchorAt: effect.anchorAt.toISOString(),
    paid: toJsonMoney(effect.paid),
  };
};

export const fromRowChange = (row: ChangeRow): SubscriptionChange => ({
  id: id('chg', row.id),
  subscriptionId: id('sub', row.subscriptionId),
  accountId: account(row.accountId),
  kind: z.enum(CHANGE_KINDS).parse(row.kind),
  status: z.enum(CHANGE_STATUSES).parse(row.status),
  effectiveAt: row.effectiveAt,
  checkoutId: row.checkoutId === null ? null : id('chk', row.checkoutId),
  target: fromJsonTarget(row.target, row.currency),
  charge: amount(row.chargeMinor, row.currency),
  bonusDays: row.bonusDays,
  reason: row.reason,
  version: Number(row.version),
  createdAt: row.createdAt,
  settledAt: row.settledAt,
});

export const toRowChange = (change: SubscriptionChange) => ({
  id: change.id,
  subscriptionId: change.subscriptionId,
  accountId: change.accountId,
  kind: change.kind,
  status: change.status,
  effectiveAt: change.effectiveAt,
  checkoutId: change.checkoutId,
  target: toJsonTarget(change.target),
  chargeMinor: change.charge.amountMinor,
  currency: change.charge.currency,
  bonusDays: change.bonusDays,
  reason: change.reason,
  version: BigInt(change.version),
  createdAt: change.createdAt,
  settledAt: change.settledAt,
});
