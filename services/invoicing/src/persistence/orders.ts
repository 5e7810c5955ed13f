import { versionedUpdate, write } from '@quittance/database';

import { type Orders } from '../application/ports.ts';
import { type CollectionOrder, ORDER_STATUSES, RAILS } from '../domain/order.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { accountFromRow, idFromRow, moneyFromRow, oneOf, whereScope } from './row-values.ts';

export const makeOrders = (client: PrismaClient): Orders => ({
  find: async (scope, id) => {
    const row = await client.collectionOrder.findFirst({ where: { id, ...whereScope(scope) } });
    return row && fromRowOrder(row);
  },

  findOpen: async (scope, invoiceId) => {
    const row = await client.collectionOrder.findFirst({ where: { invoiceId, status: 'open', ...whereScope(scope) } });
    return row && fromRowOrder(row);
  },

  insert: (order) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.collectionOrder.create({ data: toRowOrder(order), select: { id: true } });
    }),

  updateStatus: (order, expected) =>
    write<Prisma.TransactionClient>((tx) =>
      versionedUpdate(
        tx.collectionOrder.updateMany({
          where: { id: order.id, status: expected },
          data: { status: order.status },
        }),
        `Order ${order.id}`,
      ),
    ),
});

const fromRowOrder = (row: Prisma.CollectionOrderGetPayload<object>): CollectionOrder => ({
  id: idFromRow('ord', row.id),
  invoiceId: idFromRow('inv', row.invoiceId),
  accountId: accountFromRow(row.accountId),
  rail: oneOf(RAILS, row.rail),
  amount: moneyFromRow(row.amountMinor, row.currency),
  status: oneOf(ORDER_STATUSES, row.status),
  createdAt: row.createdAt,
});

const toRowOrder = (order: CollectionOrder): Prisma.CollectionOrderUncheckedCreateInput => ({
  id: order.id,
  invoiceId: order.invoiceId,
  accountId: order.accountId,
  rail: order.rail,
  amountMinor: order.amount.amountMinor,
  currency: order.amount.currency,
  status: order.status,
  createdAt: order.createdAt,
});
