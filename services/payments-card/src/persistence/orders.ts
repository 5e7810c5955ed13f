import { type Database, insertRows, selectFrom, statementWrite, updateRow } from '@quittance/database';

import { type Claim, type OrderQuery, type OrderStore } from '../application/ports.ts';
import { ORDER_STATES, type Order, statusOf, type StoredMethod } from '../domain/order.ts';
import {
  type Attempt as AttemptColumns,
  type Order as OrderColumns,
  type Payment as PaymentColumns,
  Prisma,
  type PrismaClient,
} from './generated/client.ts';
import { fromRowOrder, toRowAttempt, toRowOrder, toRowPayment, toRowState, WHOLE } from './order-row.ts';

const PAGE = 200;

const ORDERS = { table: 'orders', fields: Prisma.OrderScalarFieldEnum };
const ATTEMPTS = { table: 'order_attempts', fields: Prisma.AttemptScalarFieldEnum };
const PAYMENTS = { table: 'payments', fields: Prisma.PaymentScalarFieldEnum };

export const makeOrders = ({ client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>): OrderStore => ({
  find: (id) =>
    read(async (ask) => {
      const [[order], attempts, [payment]] = await Promise.all([
        ask(selectFrom<OrderColumns>(ORDERS, 'WHERE t.id = $1', [id])),
        ask(selectFrom<AttemptColumns>(ATTEMPTS, 'WHERE t.order_id = $1 ORDER BY t.at', [id])),
        ask(selectFrom<PaymentColumns>(PAYMENTS, 'WHERE t.order_id = $1', [id])),
      ]);
      return order === undefined ? null : fromRowOrder({ ...order, attempts: [...attempts], payment: payment ?? null });
    }),

  findByPayment: async (provider, providerReference) => {
    const row = await client.order.findFirst({ where: { payment: { provider, providerReference } }, include: WHOLE });
    return row && fromRowOrder(row);
  },

  list: async (query) => {
    const rows = await client.order.findMany({
      where: whereQuery(query),
      orderBy: { id: 'desc' },
      take: query.limit + 1,
      include: WHOLE,
    });
    return rows.map(fromRowOrder);
  },

  insert: (order) => statementWrite(insertRows('orders', [toRowOrder(order)])),

  save: (before, after, { attempts, storedMethod, savedAt }) => {
    const where = { id: before.id, version: before.version };
    const paid = before.payment === null ? after.payment : null;
    return statementWrite(
      updateRow('orders', { set: toRowState(after), where }, `Order ${before.id}`),
      ...(attempts.length === 0
        ? []
        : [
            insertRows(
              'order_attempts',
              attempts.map((attempt) => toRowAttempt(after, attempt)),
            ),
          ]),
      ...(paid === null ? [] : [insertRows('payments', [toRowPayment(after, paid)])]),
      ...(storedMethod === null ? [] : [keepMethod(after, storedMethod, savedAt)]),
    );
  },

  claimDue: (claim) => claimDue(client, claim),

  putBack: async (id, { now, dueAt, lostRace }) => {
    // Only while a claim holds it: an order that somebody finished meanwhile stays finished.
    await client.$executeRaw`
      UPDATE orders SET due_at = ${dueAt}, tries = tries + 1,
        unknown_since = CASE WHEN ${lostRace} THEN unknown_since ELSE COALESCE(unknown_since, ${now}) END
      WHERE id = ${id} AND due_at IS NOT NULL`;
  },

  listWaitingForPerson: async (unknownBefore, limit) => {
    const rows = await client.order.findMany({
      where: { OR: [{ parkedSince: { not: null } }, { unknownSince: { lt: unknownBefore } }] },
      orderBy: { id: 'asc' },
      take: limit,
      include: WHOLE,
    });
    return rows.map(fromRowOrder);
  },

  completedSince: (since) => completedSince(client, since),
});

/** The same card again is the same stored method; the first record of it stays. */
const keepMethod = (order: Order, method: StoredMethod, createdAt: Date) => {
  const row = { ...method, accountId: order.accountId, provider: order.provider, orderId: order.id, createdAt };
  return insertRows('stored_methods', [row], 'ON CONFLICT DO NOTHING');
};

/**
 * SKIP LOCKED, so that two workers never wait for or take the same row; moving `due_at` past the lease keeps it theirs
 * after the statement. An opening is marked as sent before it is, because afterwards might be too late to write it down.
 */
const claimDue = async (client: PrismaClient, { now, leaseUntil, limit }: Claim): Promise<readonly Order[]> => {
  const claimed = await client.$queryRaw<{ id: string }[]>`
    UPDATE orders SET due_at = ${leaseUntil},
      first_sent_at = CASE WHEN state = 'opening' THEN COALESCE(first_sent_at, ${now}) ELSE first_sent_at END
    WHERE id IN (
      SELECT id FROM orders WHERE due_at <= ${now} ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING id`;
  if (claimed.length === 0) return [];
  const rows = await client.order.findMany({ where: { id: { in: claimed.map(({ id }) => id) } }, include: WHOLE });
  return rows.map(fromRowOrder);
};

async function* completedSince(client: PrismaClient, since: Date | null): AsyncGenerator<Order> {
  for (let after = ''; ;) {
    const rows = await client.order.findMany({
      where: {
        id: { gt: after },
        state: 'completed',
        payment: since === null ? { isNot: null } : { capturedAt: { gte: since } },
      },
      orderBy: { id: 'asc' },
      take: PAGE,
      include: WHOLE,
    });
    for (const row of rows) yield fromRowOrder(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}

const whereQuery = ({ account, status, after }: OrderQuery): Prisma.OrderWhereInput => ({
  ...(account === null ? {} : { accountId: account }),
  ...(status === null ? {} : { state: { in: ORDER_STATES.filter((state) => statusOf(state) === status) } }),
  ...(after === null ? {} : { id: { lt: after } }),
});
