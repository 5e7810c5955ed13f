import { type Database, insertRows, selectFrom, statementWrite, updateRow } from '@quittance/database';

import { type Orders } from '../application/ports.ts';
import { type CollectionOrder, ORDER_STATUSES, RAILS } from '../domain/order.ts';
import { type CollectionOrder as OrderColumns, Prisma, type PrismaClient } from './generated/client.ts';
import { accountFromRow, idFromRow, moneyFromRow, oneInScope, oneOf, whereScope } from './row-values.ts';

const ORDERS = { table: 'collection_orders', fields: Prisma.CollectionOrderScalarFieldEnum };

export const makeOrders = ({ client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>): Orders => ({
  find: (scope, id) =>
    read(async (ask) => {
      const [row] = await ask(selectFrom<OrderColumns>(ORDERS, ...oneInScope(scope, id)));
      return row === undefined ? null : fromRowOrder(row);
    }),

  findMany: async (ids) => {
    const rows = await client.collectionOrder.findMany({ where: { id: { in: [...ids] } } });
    return new Map(rows.map((row) => [row.id, fromRowOrder(row)]));
  },

  findOpen: async (scope, invoiceId) => {
    const row = await client.collectionOrder.findFirst({ where: { invoiceId, status: 'open', ...whereScope(scope) } });
    return row && fromRowOrder(row);
  },

  insert: (orders) =>
    statementWrite(...(orders.length === 0 ? [] : [insertRows('collection_orders', orders.map(toRowOrder))])),

  updateStatus: ({ id, status }, expected) =>
    statementWrite(updateRow('collection_orders', { set: { status }, where: { id, status: expected } }, `Order ${id}`)),
});

const fromRowOrder = (row: Prisma.CollectionOrderGetPayload<object>): CollectionOrder => ({
  id: idFromRow('ord', row.id),
  invoiceId: idFromRow('inv', row.invoiceId),
  accountId: accountFromRow(row.accountId),
  rail: oneOf(RAILS, row.rail),
  amount: moneyFromRow(row.amountMinor, row.currency),
  status: oneOf(ORDER_STATUSES, row.status),
  attempt: row.attempt,
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
  attempt: order.attempt,
  createdAt: order.createdAt,
});
