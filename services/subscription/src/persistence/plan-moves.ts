import { type Database, insertRows, statementWrite, updateRow } from '@quittance/database';
import { durableStep } from '@quittance/runtime';

import { type MoveSummary, type PlanMoves } from '../application/index.ts';
import { type MovedRowStatus } from '../domain/plan-move.ts';
import { isLive, SUBSCRIPTION_STATUSES } from '../domain/subscription-status.ts';
import { type PrismaClient } from './generated/client.ts';
import { fromRowMove, fromRowMoveRow, toRowMoveRow } from './plan-move-row.ts';
import { amount } from './row-values.ts';
import { fromRowSubscription } from './subscription-row.ts';

const LIVE = SUBSCRIPTION_STATUSES.filter(isLive);

export const makePlanMoves = ({ client }: Pick<Database<PrismaClient>, 'client'>): PlanMoves => ({
  ...readsOf(client),
  ...workOf(client),
  insert: (move) => statementWrite(insertRows('plan_moves', [{ ...move }])),

  insertRows: (rows) => statementWrite(insertRows('plan_move_rows', rows.map(toRowMoveRow))),

  dropPreviews: (planId, before) =>
    statementWrite({
      text: `DELETE FROM plan_moves WHERE plan_id = $1 AND status = 'previewed' AND created_at < $2`,
      values: [planId, before.toISOString()],
    }),

  update: (move, expected) => {
    const change = { set: { ...move }, where: { id: move.id, status: expected } };
    return statementWrite(updateRow('plan_moves', change, `Move ${move.id}`));
  },

  settle: (row) => {
    const { moveId, subscriptionId } = row;
    const change = { set: toRowMoveRow(row), where: { moveId, subscriptionId, status: 'planned' } };
    return statementWrite(updateRow('plan_move_rows', change, `Move of ${subscriptionId}`));
  },
});

const readsOf = (client: PrismaClient): Pick<PlanMoves, 'find' | 'list' | 'rows' | 'summary' | 'onOlderVersions'> => ({
  find: async (id) => {
    const row = await client.planMove.findUnique({ where: { id } });
    return row && fromRowMove(row);
  },

  list: async (planId, { limit, after }) => {
    const rows = await client.planMove.findMany({
      where: { planId, status: { not: 'previewed' }, ...(after === null ? {} : { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const items = rows.slice(0, limit).map(fromRowMove);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  },

  rows: async (moveId, { status }, { limit, after }) => {
    const rows = await client.planMoveRow.findMany({
      where: {
        moveId,
        ...(status === null ? {} : { status }),
        ...(after === null ? {} : { subscriptionId: { gt: after } }),
      },
      orderBy: { subscriptionId: 'asc' },
      take: limit + 1,
    });
    const items = rows.slice(0, limit).map(fromRowMoveRow);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.subscriptionId ?? null) : null };
  },

  summary: (id) => summaryOf(client, id),

  // A subscription has no plan twice. What it is asked about additions is what their index is kept for.
  onOlderVersions: async ({ planId, planVersionId }, { limit, after }) => {
    const found = await client.$queryRaw<{ id: string }[]>`
      SELECT id FROM subscriptions
      WHERE id > ${after} AND status = ANY(${LIVE}) AND (
        (plan_id = ${planId} AND plan_version_id <> ${planVersionId})
        OR (jsonb_array_length(items) > 1 AND items @> ${JSON.stringify([{ planId }])}::jsonb
          AND NOT items @> ${JSON.stringify([{ planId, planVersionId }])}::jsonb)
      )
      ORDER BY id LIMIT ${limit}`;
    const rows = await client.subscription.findMany({
      where: { id: { in: found.map(({ id }) => id) } },
      orderBy: { id: 'asc' },
    });
    return rows.map(fromRowSubscription);
  },
});

const workOf = (client: PrismaClient): Pick<PlanMoves, 'claim' | 'release' | 'findFinished' | 'countWaiting'> => ({
  // SKIP LOCKED, so that replicas never wait for each other; the lease keeps a batch theirs after the statement.
  claim: async ({ wallNow, leaseUntil, limit }) => {
    const take = () => client.$queryRaw<{ moveId: string; subscriptionId: string }[]>`
      UPDATE plan_move_rows SET claimed_until = ${leaseUntil}
      WHERE (move_id, subscription_id) IN (
        SELECT r.move_id, r.subscription_id FROM plan_moves AS m JOIN plan_move_rows AS r ON r.move_id = m.id
        WHERE m.status = 'running' AND r.status = 'planned' AND (r.claimed_until IS NULL OR r.claimed_until < ${wallNow})
        ORDER BY r.move_id, r.subscription_id LIMIT ${limit} FOR UPDATE OF r SKIP LOCKED
      )
      RETURNING move_id AS "moveId", subscription_id AS "subscriptionId"`;
    const claimed = await durableStep('plan_move.claim', take, (found) => (found ?? []).map(() => 'row'));
    if (claimed.length === 0) return [];
    const rows = await client.planMoveRow.findMany({ where: { OR: claimed } });
    return rows.map(fromRowMoveRow);
  },

  release: async (rows) => {
    const keys = rows.map(({ moveId, subscriptionId }) => ({ moveId, subscriptionId }));
    await durableStep('plan_move.release', () =>
      client.planMoveRow.updateMany({ where: { OR: keys }, data: { claimedUntil: null } }),
    );
  },

  findFinished: async () => {
    const rows = await client.planMove.findMany({
      where: { status: 'running', rows: { none: { status: 'planned' } } },
    });
    return rows.map(fromRowMove);
  },

  countWaiting: () => client.planMoveRow.count({ where: { status: 'planned', move: { status: 'running' } } }),
});

const summaryOf = async (client: PrismaClient, moveId: string): Promise<MoveSummary> => {
  const [groups, totals] = await Promise.all([
    client.$queryRaw<{ status: string; count: number }[]>`
      SELECT status, count(*)::int AS count FROM plan_move_rows WHERE move_id = ${moveId} GROUP BY status`,
    client.$queryRaw<{ currency: string; count: number; before: bigint; after: bigint }[]>`
      SELECT currency, count(*)::int AS count, sum(COALESCE(charge_before_minor, 0))::bigint AS before,
        sum(COALESCE(charge_after_minor, 0))::bigint AS after
      FROM plan_move_rows
      WHERE move_id = ${moveId} AND status <> 'not_moved'
        AND (charge_before_minor IS NOT NULL OR charge_after_minor IS NOT NULL)
      GROUP BY currency ORDER BY currency`,
  ]);
  const count = (status: MovedRowStatus): number => groups.find((group) => group.status === status)?.count ?? 0;
  return {
    counts: { planned: count('planned'), moved: count('moved'), not_moved: count('not_moved') },
    totals: totals.map(({ currency, before, after, ...total }) => ({
      ...total,
      before: amount(before, currency),
      after: amount(after, currency),
    })),
  };
};
