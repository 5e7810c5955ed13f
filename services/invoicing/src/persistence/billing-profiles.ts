import { insertRows, statementWrite } from '@quittance/database';

import { type BillingProfiles } from '../application/ports.ts';
import { type PrismaClient } from './generated/client.ts';
import { accountFromRow } from './row-values.ts';

export const makeBillingProfiles = (client: PrismaClient): BillingProfiles => ({
  findAll: async (accountIds) => {
    const rows = await client.billingProfile.findMany({ where: { accountId: { in: [...accountIds] } } });
    return new Map(
      rows.map(({ name, address, country, currency, vatId, language, ...row }) => {
        const accountId = accountFromRow(row.accountId);
        return [accountId, { accountId, name, address, country, currency, vatId, language }];
      }),
    );
  },

  begin: ({ accountId, country, currency, language, at, version }) =>
    statementWrite(
      insertRows(
        'billing_profiles',
        [{ accountId, country, currency, language, updatedAt: at, version }],
        'ON CONFLICT DO NOTHING',
      ),
    ),
});
