import { versionedUpdate, write } from '@quittance/database';

import { type Checkouts } from '../application/index.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowCheckout, toRowCheckout } from './rows.ts';

export const makeCheckouts = (client: PrismaClient): Checkouts => ({
  find: async (scope, id) => {
    const row = await client.checkout.findFirst({
      where: { id, ...(scope === 'every_account' ? {} : { accountId: scope.account }) },
    });
    return row && fromRowCheckout(row);
  },

  findOpen: async (accountId, productId) => {
    const row = await client.checkout.findFirst({
      where: { accountId, productId, status: { in: ['opening', 'open'] } },
    });
    return row && fromRowCheckout(row);
  },

  insert: (checkout) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.checkout.create({ data: toRowCheckout(checkout) });
    }),

  update: (checkout, expectedVersion) =>
    write<Prisma.TransactionClient>((tx) =>
      versionedUpdate(
        tx.checkout.updateMany({ where: { id: checkout.id, version: expectedVersion }, data: toRowCheckout(checkout) }),
        `Checkout ${checkout.id}`,
      ),
    ),
});
