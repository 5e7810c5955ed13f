import { write } from '@quittance/database';

import { type BillingProfiles } from '../application/ports.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { accountFromRow } from './row-values.ts';

export const makeBillingProfiles = (client: PrismaClient): BillingProfiles => ({
  find: async (accountId) => {
    const row = await client.billingProfile.findUnique({ where: { accountId } });
    if (row === null) return null;
    const { name, address, country, vatId } = row;
    return { accountId: accountFromRow(row.accountId), name, address, country, vatId };
  },

  begin: ({ accountId, country, currency, at, version }) =>
    write<Prisma.TransactionClient>(async (tx) => {
      await tx.billingProfile.createMany({
        data: [{ accountId, country, currency, updatedAt: at, version: BigInt(version) }],
        skipDuplicates: true,
      });
    }),
});
