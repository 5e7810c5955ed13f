import { z } from 'zod';

import {
  MOVED_ROLES,
  MOVED_ROW_STATUSES,
  type MoveEffect,
  PLAN_MOVE_STATUSES,
  type PlanMove,
  type PlanMoveRow,
} from '../domain/plan-move.ts';
import { type PlanMove as MoveColumns, type PlanMoveRow as RowColumns } from './generated/client.ts';
import { account, amount, id } from './row-values.ts';

const JsonActor = z
  .strictObject({
    kind: z.enum(['customer', 'operator', 'service', 'system', 'provider', 'anonymous']),
    id: z.string(),
  })
  .nullable();

export const fromRowMove = (row: MoveColumns): PlanMove => ({
  id: id('mov', row.id),
  planId: id('pln', row.planId),
  planKey: row.planKey,
  toVersionId: id('plv', row.toVersionId),
  status: z.enum(PLAN_MOVE_STATUSES).parse(row.status),
  reason: row.reason,
  requestedBy: JsonActor.parse(row.requestedBy),
  createdAt: row.createdAt,
  startedAt: row.startedAt,
  finishedAt: row.finishedAt,
});

export const fromRowMoveRow = (row: RowColumns): PlanMoveRow => ({
  moveId: id('mov', row.moveId),
  subscriptionId: id('sub', row.subscriptionId),
  accountId: account(row.accountId),
  subscriptionVersion: Number(row.subscriptionVersion),
  role: z.enum(MOVED_ROLES).parse(row.role),
  fromVersionId: id('plv', row.fromVersionId),
  priceBefore: amount(row.priceBeforeMinor, row.currency),
  status: z.enum(MOVED_ROW_STATUSES).parse(row.status),
  effect: effectOf(row),
  refusal: row.refusalCode === null ? null : { code: row.refusalCode, message: row.refusalMessage ?? '' },
  changeId: row.changeId === null ? null : id('chg', row.changeId),
  settledAt: row.settledAt,
});

const effectOf = (row: RowColumns): MoveEffect | null => {
  const { effectiveAt, priceAfterMinor, currency, withTax } = row;
  if (effectiveAt === null || priceAfterMinor === null) return null;
  const charge = (minor: bigint | null) => (minor === null ? null : amount(minor, currency));
  return {
    effectiveAt,
    priceAfter: amount(priceAfterMinor, currency),
    chargeBefore: charge(row.chargeBeforeMinor),
    chargeAfter: charge(row.chargeAfterMinor),
    withTax,
  };
};

export const toRowMoveRow = ({ effect, refusal, ...row }: PlanMoveRow) => ({
  moveId: row.moveId,
  subscriptionId: row.subscriptionId,
  accountId: row.accountId,
  subscriptionVersion: BigInt(row.subscriptionVersion),
  role: row.role,
  fromVersionId: row.fromVersionId,
  currency: row.priceBefore.currency,
  priceBeforeMinor: row.priceBefore.amountMinor,
  status: row.status,
  effectiveAt: effect?.effectiveAt ?? null,
  priceAfterMinor: effect?.priceAfter.amountMinor ?? null,
  chargeBeforeMinor: effect?.chargeBefore?.amountMinor ?? null,
  chargeAfterMinor: effect?.chargeAfter?.amountMinor ?? null,
  withTax: effect?.withTax ?? false,
  refusalCode: refusal?.code ?? null,
  refusalMessage: refusal?.message ?? null,
  changeId: row.changeId,
  settledAt: row.settledAt,
});
