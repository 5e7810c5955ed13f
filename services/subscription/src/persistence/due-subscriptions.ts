import { write } from '@quittance/database';
import { toError } from '@quittance/kernel';
import { durableStep } from '@quittance/runtime';

import { type Claimed, type Unreadable, type DueSubscriptions, type RenewalWindow } from '../application/index.ts';
import { type Subscription } from '../domain/subscription.ts';
import { Prisma, type PrismaClient, type Subscription as SubscriptionRow } from './generated/client.ts';
import { amount } from './row-values.ts';
import { fromRowSubscription } from './subscription-row.ts';
import { updateSubscriptions } from './update-subscriptions.ts';

export const makeDueSubscriptions = (client: PrismaClient): DueSubscriptions => ({
  // SKIP LOCKED, so that replicas never wait for each other; the lease keeps a batch theirs after the statement.
  claim: async ({ now, wallNow, leaseUntil, kinds, limit }) => {
    const take = () => client.$queryRaw<{ id: string; kind: string }[]>`
      UPDATE subscriptions SET claimed_until = ${leaseUntil}
      WHERE id IN (
        SELECT id FROM subscriptions
        WHERE due_at <= ${now} AND due_kind = ANY (${[...kinds]}) AND (claimed_until IS NULL OR claimed_until < ${wallNow})
        ORDER BY due_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      RETURNING id, due_kind AS kind`;
    const claimed = await durableStep('due.claim', take, (found) => (found ?? []).map(({ kind }) => kind));
    if (claimed.length === 0) return { subscriptions: [], unreadable: [] };
    const rows = await client.subscription.findMany({
      where: { id: { in: claimed.map(({ id }) => id) } },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    });
    return readEach(rows);
  },

  release: async (subscriptions) => {
    const ids = subscriptions.map(({ id }) => id);
    await durableStep('due.release', () =>
      client.subscription.updateMany({ where: { id: { in: ids } }, data: { claimedUntil: null } }),
    );
  },

  postpone: (id, claimedUntil) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.subscription.updateMany({ where: { id }, data: { claimedUntil } });
    }),

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

  listRenewals: async (window, { limit, after }) => {
    const charged = await client.$queryRaw<{ id: string; at: Date }[]>`
      SELECT id, at FROM (${chargedIn(window)}) AS charged WHERE ${behind(after)} ORDER BY at, id LIMIT ${limit + 1}`;
    const page = charged.slice(0, limit);
    const rows = await client.subscription.findMany({ where: { id: { in: page.map(({ id }) => id) } } });
    const byId = new Map(rows.map((row) => [row.id, fromRowSubscription(row)]));
    const last = page.at(-1);
    const nextCursor = charged.length > limit && last ? `${last.at.getTime()}.${last.id}` : null;
    return { items: page.flatMap(({ id }) => byId.get(id) ?? []), nextCursor };
  },

  sumRenewals: async (window) => {
    const rows = await client.$queryRaw<{ currency: string; count: number; minor: bigint }[]>`
      SELECT currency, count(*)::int AS count, sum(minor)::bigint AS minor
      FROM (${chargedIn(window)}) AS charged GROUP BY currency ORDER BY currency`;
    return rows.map(({ currency, count, minor }) => ({ count, amount: amount(minor, currency) }));
  },
});

/**
 * What is charged next and when, by `nextChargeAt` of the domain. Nothing is charged before it is due, so that the index
 * of what is due finds it. In a row of a release that kept no price the items are added up: after a scheduled change,
 * those of its target.
 */
const chargedIn = ({ until, accountId }: RenewalWindow): Prisma.Sql => Prisma.sql`
  SELECT s.id, s.currency, COALESCE(s.renewal_minor, s.renewal_price_minor, c.minor, s.price_minor) AS minor,
    CASE s.due_kind WHEN 'renewal' THEN s.due_at ELSE s.change_charges_at END AS at
  FROM subscriptions AS s LEFT JOIN LATERAL (
    SELECT sum((item->>'quantity')::bigint * (item->>'unitPriceMinor')::bigint) AS minor
    FROM subscription_changes AS c, jsonb_array_elements(c.target->'items') AS item
    WHERE s.due_kind = 'change' AND COALESCE(s.renewal_minor, s.renewal_price_minor) IS NULL AND c.subscription_id = s.id AND c.status = 'scheduled'
  ) AS c ON true
  WHERE s.due_at <= ${until} ${accountId === null ? Prisma.empty : Prisma.sql`AND s.account_id = ${accountId}`}
    AND (s.due_kind = 'renewal' OR (s.due_kind = 'change' AND s.change_charges_at <= ${until}))`;

/** `<ms>.<id>` of the last one, as the contract takes no other. */
const behind = (after: string | null): Prisma.Sql => {
  if (after === null) return Prisma.sql`true`;
  const [ms, id] = after.split('.');
  return Prisma.sql`(at, id) > (${new Date(Number(ms))}, ${id})`;
};

const readEach = (rows: readonly SubscriptionRow[]): Claimed => {
  const subscriptions: Subscription[] = [];
  const unreadable: Unreadable[] = [];
  for (const row of rows) {
    try {
      subscriptions.push(fromRowSubscription(row));
    } catch (error) {
      unreadable.push({ id: row.id, error: toError(error) });
    }
  }
  return { subscriptions, unreadable };
};
