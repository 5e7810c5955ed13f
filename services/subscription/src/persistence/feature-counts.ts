import { type Database, insertRows, statementWrite } from '@quittance/database';

import { type FeatureCounts } from '../application/index.ts';
import { type PrismaClient } from './generated/client.ts';

const LATER_WINS = `ON CONFLICT (account_id, product_key, feature) DO UPDATE
  SET count = excluded.count, as_of = excluded.as_of WHERE feature_counts.as_of < excluded.as_of`;

export const makeFeatureCounts = ({ client }: Pick<Database<PrismaClient>, 'client'>): FeatureCounts => ({
  of: async (accountId, productKey) => {
    const rows = await client.featureCount.findMany({ where: { accountId, productKey } });
    return new Map(rows.map(({ feature, count }) => [feature, Number(count)]));
  },

  ofMany: async (accountIds, productKey) => {
    const rows = await client.featureCount.findMany({ where: { accountId: { in: [...accountIds] }, productKey } });
    const counted = new Map<string, Map<string, number>>();
    for (const { accountId, feature, count } of rows) {
      counted.set(accountId, (counted.get(accountId) ?? new Map<string, number>()).set(feature, Number(count)));
    }
    return counted;
  },

  store: ({ accountId, productKey, counts, asOf }) => {
    const rows = [...counts].map(([feature, count]) => ({ accountId, productKey, feature, count, asOf }));
    return statementWrite(insertRows('feature_counts', rows, LATER_WINS));
  },
});
