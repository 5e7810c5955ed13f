import { type Database, insertRows, selectFrom, statementWrite, updateRow } from '@quittance/database';

import { type Checkouts } from '../application/index.ts';
import { type Checkout as CheckoutColumns, Prisma, type PrismaClient } from './generated/client.ts';
import { oneInScope } from './one-in-scope.ts';
import { fromRowCheckout, toRowCheckout } from './rows.ts';

const CHECKOUTS = { table: 'checkouts', fields: Prisma.CheckoutScalarFieldEnum };

export const makeCheckouts = ({ client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>): Checkouts => ({
  find: (scope, id) =>
    read(async (ask) => {
      const [row] = await ask(selectFrom<CheckoutColumns>(CHECKOUTS, ...oneInScope(scope, id)));
      return row === undefined ? null : fromRowCheckout(row);
    }),

  findOpen: async (accountId, productId) => {
    const row = await client.checkout.findFirst({
      where: { accountId, productId, status: { in: ['opening', 'open'] } },
    });
    return row && fromRowCheckout(row);
  },

  lastCountry: async (subscriptionId) => {
    const row = await client.checkout.findFirst({
      where: { subscriptionId, status: 'completed' },
      orderBy: { id: 'desc' },
      select: { country: true },
    });
    return row?.country ?? null;
  },

  lastCountries: async (subscriptionIds) => {
    const rows = await client.checkout.findMany({
      where: { subscriptionId: { in: [...subscriptionIds] }, status: 'completed' },
      orderBy: [{ subscriptionId: 'asc' }, { id: 'desc' }],
      distinct: ['subscriptionId'],
      select: { subscriptionId: true, country: true },
    });
    return new Map(rows.map(({ subscriptionId, country }) => [subscriptionId, country]));
  },

  insert: (checkout) => statementWrite(insertRows('checkouts', [toRowCheckout(checkout)])),

  update: (checkout, version) => {
    const where = { id: checkout.id, version };
    return statementWrite(updateRow('checkouts', { set: toRowCheckout(checkout), where }, `Checkout ${checkout.id}`));
  },
});
