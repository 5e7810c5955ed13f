import { type ApiPlanMove, type ApiPlanMoveRow, type GetPlanMove, toApiMoney } from '@quittance/contracts';
import { type Money, money, subtract } from '@quittance/money';
import { type z } from 'zod';

import { type PlanMoveView } from '../application/index.ts';
import { type MoveEffect, type PlanMove, type PlanMoveRow } from '../domain/plan-move.ts';

export const toApiPlanMove = (move: PlanMove): z.infer<typeof ApiPlanMove> => ({
  id: move.id,
  planId: move.planId,
  planKey: move.planKey,
  toVersionId: move.toVersionId,
  status: move.status,
  reason: move.reason,
  createdAt: move.createdAt.toISOString(),
  startedAt: move.startedAt?.toISOString() ?? null,
  finishedAt: move.finishedAt?.toISOString() ?? null,
});

export const toApiPlanMoveView = ({ move, summary, rows }: PlanMoveView): z.infer<typeof GetPlanMove.answer> => ({
  move: toApiPlanMove(move),
  counts: { planned: summary.counts.planned, moved: summary.counts.moved, notMoved: summary.counts.not_moved },
  totals: summary.totals.map(({ count, before, after }) => ({ count, ...compared(before, after) })),
  data: rows.items.map((row) => toApiRow(move, row)),
  nextCursor: rows.nextCursor,
});

const toApiRow = ({ toVersionId }: PlanMove, row: PlanMoveRow): z.infer<typeof ApiPlanMoveRow> => ({
  subscriptionId: row.subscriptionId,
  accountId: row.accountId,
  role: row.role,
  fromVersionId: row.fromVersionId,
  toVersionId,
  status: row.status,
  effectiveAt: row.effect?.effectiveAt.toISOString() ?? null,
  price: { before: toApiMoney(row.priceBefore), after: row.effect && toApiMoney(row.effect.priceAfter) },
  nextCharge: row.effect && toApiNextCharge(row.effect),
  refusal: row.refusal,
  changeId: row.changeId,
  settledAt: row.settledAt?.toISOString() ?? null,
});

/** Where one of the two is nothing, it is told as zero; where both are, nothing is charged. */
const toApiNextCharge = ({ chargeBefore, chargeAfter, withTax }: MoveEffect) => {
  const known = chargeBefore ?? chargeAfter;
  if (known === null) return null;
  const nothing = money(0n, known.currency);
  return { ...compared(chargeBefore ?? nothing, chargeAfter ?? nothing), withTax };
};

const compared = (before: Money, after: Money) => ({
  before: toApiMoney(before),
  after: toApiMoney(after),
  difference: toApiMoney(subtract(after, before)),
});
