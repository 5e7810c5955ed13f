import { type StoredMethods } from '../application/ports.ts';
import { type PrismaClient } from './generated/client.ts';
import { idFromRow } from './row-values.ts';

export const makeStoredMethods = (client: PrismaClient): StoredMethods => ({
  newest: async (accountId, provider) => {
    const row = await client.storedMethod.findFirst({
      where: { accountId, provider },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
    if (row === null) return null;
    const { customerReference, methodReference, kind, brand, last4 } = row;
    return { id: idFromRow('spm', row.id), customerReference, methodReference, kind, brand, last4 };
  },

  customerOf: async (accountId, provider) => {
    const row = await client.providerCustomer.findUnique({ where: { accountId_provider: { accountId, provider } } });
    return row?.customerReference ?? null;
  },
});
