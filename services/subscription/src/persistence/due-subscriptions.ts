import { type DueSubscriptions } from '../application/index.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { amount } from './row-values.ts';
import { fromRowSubscription } from './subscription-row.ts';
import { updateSubscriptions } from './update-subscriptions.ts';

export const makeDueSubscriptions = (client: PrismaClient): DueSubscriptions => ({
  // SKIP LOCKED, so that replicas never wait for each other; the lease keeps a batch theirs after the statement.
  claim: async ({ now, wallNow, leaseUntil, kinds, limit }) => {
    const claimed = await client.$queryRaw<{ id: string }[]>`
      UPDATE subscriptions SET claimed_until = ${leaseUntil}
      WHERE id IN (
        SELECT id FROM subscriptions
        WHERE due_at <= ${now} AND due_kind = ANY (${[...kinds]}) AND (claimed_until IS NULL OR claimed_until < ${wallNow})
        ORDER BY due_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      RETURNING id`;
    if (claimed.length === 0) return [];
    const rows = await client.subscription.findMany({
      where: { id: { in: claimed.map(({ id }) => id) } },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map(fromRowSubscription);
  },

  release: async (subscriptions) => {
    const ids = subscriptions.map(({ id }) => id);
    await client.subscription.updateMany({ where: { id: { in: ids } }, data: { claimedUntil: null } });
  },

  takeOff: updateSubscriptions,

  nextDueAt: async (kinds) => {
    const row = await client.subscription.findFirst({
      where: { dueAt: { not: null }, dueKind: { in: [...kinds] } },
      orderBy: { dueAt: 'asc' },
      select: { dueAt: true },
    });
    return row?.dueAt ?? null;
  },

  count: (kinds, now) => client.subscription.count({ where: { dueAt: { lte: now }, dueKind: { in: [...kinds] } } }),

  listRenewals: async (until, { limit, after }) => {
    const rows = await client.subscription.findMany({
      where: { ...renewingUntil(until), ...afterCursor(after) },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      take: limit + 1,
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last?.dueAt ? `${last.dueAt.getTime()}.${last.id}` : null;
    return { items: items.map(fromRowSubscription), nextCursor };
  },

  sumRenewals: async (until) => {
    const rows = await client.$queryRaw<{ currency: string; count: number; minor: bigint }[]>`
      SELECT currency, count(*)::int AS count, sum(COALESCE(renewal_minor, price_minor))::bigint AS minor
      FROM subscriptions WHERE due_kind = 'renewal' AND due_at <= ${until} GROUP BY currency ORDER BY currency`;
    return rows.map(({ currency, count, minor }) => ({ count, amount: amount(minor, currency) }));
  },
});

const renewingUntil = (until: Date): Prisma.SubscriptionWhereInput => ({ dueKind: 'renewal', dueAt: { lte: until } });

/** `<ms>.<id>` of the last one; what is not of this form reads from the beginning. */
const afterCursor = (after: string | null): Prisma.SubscriptionWhereInput => {
  const [, ms, id] = /^(\d{1,15})\.(sub_\w+)$/.exec(after ?? '') ?? [];
  if (ms === undefined || id === undefined) return {};
  const dueAt = new Date(Number(ms));
  return { OR: [{ dueAt: { gt: dueAt } }, { dueAt, id: { gt: id } }] };
};
