import { insertRows, statementWrite } from '@quittance/database';

import { type StoredMethods } from '../application/ports.ts';
import { type PrismaClient } from './generated/client.ts';
import { idFromRow } from './row-values.ts';

export const makeStoredMethods = (client: PrismaClient): StoredMethods => ({
  newestOf: async (accounts, provider) => {
    const rows = await client.storedMethod.findMany({
      where: { accountId: { in: [...accounts] }, provider },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    // The last one of each account stays in the map.
    return new Map(
      rows.map(({ customerReference, methodReference, kind, brand, last4, ...row }) => [
        row.accountId,
        { id: idFromRow('spm', row.id), customerReference, methodReference, kind, brand, last4 },
      ]),
    );
  },

  customerOf: async (accountId, provider) => {
    const row = await client.providerCustomer.findUnique({ where: { accountId_provider: { accountId, provider } } });
    return row?.customerReference ?? null;
  },

  ownerOf: async (methodReference, provider) => {
    const where = { provider_methodReference: { provider, methodReference } };
    return (await client.storedMethod.findUnique({ where }))?.accountId ?? null;
  },

  keepCustomer: (customer) =>
    statementWrite(insertRows('provider_customers', [{ ...customer }], 'ON CONFLICT DO NOTHING')),

  keep: ({ cameWith, ...method }) =>
    statementWrite(
      insertRows('stored_methods', [{ ...method, orderId: cameWith, kind: 'card', brand: null, last4: null }]),
    ),
});
