import { type Database, insertRows, selectFrom, type Statement, statementWrite, updateRow } from '@quittance/database';
import { durableStep } from '@quittance/runtime';

import { type Claim, type OrderQuery, type OrderStore } from '../application/ports.ts';
import { type Attempt, ORDER_STATES, type Order, statusOf, type StoredMethod } from '../domain/order.ts';
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

  known: (ids) => known(client, ids),

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

  insert: (order) =>
    // An order that ends as it begins (nothing to charge) has its attempt already.
    statementWrite(insertRows('orders', [toRowOrder(order)]), ...insertAttempts(order, order.attempts)),

  save: (before, after, { attempts, storedMethod, customerGone, savedAt }) => {
    const where = { id: before.id, version: before.version };
    const paid = before.payment === null ? after.payment : null;
    return statementWrite(
      updateRow('orders', { set: toRowState(after), where }, `Order ${before.id}`),
      ...insertAttempts(after, attempts),
      ...(paid === null ? [] : [insertRows('payments', [toRowPayment(after, paid)])]),
      ...(storedMethod === null ? [] : keepMethod(after, storedMethod, savedAt)),
      ...(customerGone ? [{ text: FORGET_CUSTOMER, values: [after.accountId, after.provider] }] : []),
    );
  },

  claimDue: (claim) => claimDue(client, claim),

  putBack: (id, failure) => putBack(client, id, failure),

  countUnfinished: () => client.order.count({ where: UNFINISHED }),

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

const known = async (client: PrismaClient, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await client.order.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
};

/** The provider owes an answer; an open order waits for its customer instead. */
const UNFINISHED = {
  dueAt: { not: null },
  state: { in: ['opening', 'charging', 'closing'] },
} satisfies Prisma.OrderWhereInput;

const insertAttempts = (order: Order, attempts: readonly Attempt[]): readonly Statement[] =>
  attempts.length === 0
    ? []
    : [
        insertRows(
          'order_attempts',
          attempts.map((attempt) => toRowAttempt(order, attempt)),
        ),
      ];

/**
 * The same card again is the same stored method; the first record of it stays. Two first checkouts at once make two
 * customers: one of them is kept, and each method knows its own.
 */
const keepMethod = (order: Order, method: StoredMethod, createdAt: Date): readonly Statement[] => {
  const { accountId, provider } = order;
  const customer = { accountId, provider, customerReference: method.customerReference, createdAt };
  return [
    insertRows(
      'stored_methods',
      [{ ...method, accountId, provider, orderId: order.id, createdAt }],
      'ON CONFLICT DO NOTHING',
    ),
    insertRows('provider_customers', [customer], 'ON CONFLICT DO NOTHING'),
  ];
};

const FORGET_CUSTOMER = 'DELETE FROM provider_customers WHERE account_id = $1 AND provider = $2';

/**
 * SKIP LOCKED, so that two workers never wait for or take the same row; moving `due_at` past the lease keeps it theirs
 * after the statement. What is sent is marked as sent before it is, because afterwards might be too late to write it
 * down; the claim answers with what was marked before, so that a first sending can be told from a repeated one.
 */
const claimDue = async (client: PrismaClient, { now, leaseUntil, limit }: Claim): Promise<readonly Order[]> => {
  const claim = () => client.$queryRaw<{ id: string; state: string; sent_before: Date | null }[]>`
    UPDATE orders SET due_at = ${leaseUntil},
      first_sent_at = CASE
        WHEN orders.state IN ('opening', 'charging') THEN COALESCE(orders.first_sent_at, ${now})
        ELSE orders.first_sent_at END
    FROM (
      SELECT id, first_sent_at FROM orders
      WHERE due_at <= ${now} ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE orders.id = due.id
    RETURNING orders.id, orders.state, due.first_sent_at AS sent_before`;
  const claimed = await durableStep('order.claim', claim, (rows) => (rows ?? []).map(({ state }) => state));
  if (claimed.length === 0) return [];
  const sentBefore = new Map(claimed.map((row) => [row.id, row.sent_before]));
  const rows = await client.order.findMany({ where: { id: { in: [...sentBefore.keys()] } }, include: WHOLE });
  return rows.map((row) => ({ ...fromRowOrder(row), firstSentAt: sentBefore.get(row.id) ?? null }));
};

const putBack = async (
  client: PrismaClient,
  id: string,
  { now, dueAt, lostRace }: Parameters<OrderStore['putBack']>[1],
): Promise<void> => {
  // Only while a claim holds it: an order that somebody finished meanwhile stays finished.
  await durableStep(
    'order.put_back',
    () => client.$executeRaw`
        UPDATE orders SET due_at = ${dueAt}, tries = tries + 1,
          unknown_since = CASE WHEN ${lostRace} THEN unknown_since ELSE COALESCE(unknown_since, ${now}) END
        WHERE id = ${id} AND due_at IS NOT NULL`,
  );
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
