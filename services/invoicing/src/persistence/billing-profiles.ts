import { insertRows, statementWrite } from '@quittance/database';

import { type BillingProfiles } from '../application/ports.ts';
import { type PrismaClient } from './generated/client.ts';
import { accountFromRow } from './row-values.ts';

export const makeBillingProfiles = (client: PrismaClient): BillingProfiles => ({
  find: async (accountId) => {
    const row = await client.billingProfile.findUnique({ where: { accountId } });
    if (row === null) return null;
    const { name, address, country, vatId } = row;
    return { accountId: accountFromRow(row.accountId), name, address, country, vatId };
  },

  begin: ({ accountId, country, currency, at, version }) =>
    statementWrite(
      insertRows(
        'billing_profiles',
        [{ accountId, country, currency, updatedAt: at, version }],
        'ON CONFLICT DO NOTHING',
      ),
    ),
});
