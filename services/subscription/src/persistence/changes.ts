import { type Database, insertRows, statementWrite, updateRow } from '@quittance/database';
import { type AccountScope } from '@quittance/kernel';

import { type Changes } from '../application/index.ts';
import { fromRowChange, toRowChange } from './change-row.ts';
import { type PrismaClient } from './generated/client.ts';

export const makeChanges = ({ client }: Pick<Database<PrismaClient>, 'client'>): Changes => ({
  find: async (scope, id) => {
    const row = await client.subscriptionChange.findFirst({ where: { id, ...inScope(scope) } });
    return row && fromRowChange(row);
  },

  findScheduled: async (subscriptionId) => {
    const row = await client.subscriptionChange.findFirst({ where: { subscriptionId, status: 'scheduled' } });
    return row && fromRowChange(row);
  },

  findScheduledOf: async (subscriptionIds) => {
    const rows = await client.subscriptionChange.findMany({
      where: { subscriptionId: { in: [...subscriptionIds] }, status: 'scheduled' },
    });
    return new Map(rows.map(fromRowChange).map((change) => [change.subscriptionId, change]));
  },

  findAwaitingPayment: async (subscriptionIds) => {
    const rows = await client.subscriptionChange.findMany({
      where: { subscriptionId: { in: [...subscriptionIds] }, status: 'awaiting_payment' },
      select: { subscriptionId: true },
    });
    return new Set(rows.map(({ subscriptionId }) => subscriptionId));
  },

  list: async (scope, subscriptionId, page) => {
    const rows = await client.subscriptionChange.findMany({
      where: {
        subscriptionId,
        ...inScope(scope),
        ...(page.after === null ? {} : { id: { lt: page.after } }),
      },
      orderBy: { id: 'desc' },
      take: page.limit + 1,
    });
    const items = rows.slice(0, page.limit).map(fromRowChange);
    return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
  },

  history: async ({ id, accountId, productId }, since) => {
    const upgrades = client.subscriptionChange.count({
      where: { subscriptionId: id, kind: 'upgrade', status: 'applied', settledAt: { gte: since.upgrade } },
    });
    const ofProduct = await client.subscription.findMany({ where: { accountId, productId }, select: { id: true } });
    const bonuses = client.subscriptionChange.count({
      where: {
        accountId,
        subscriptionId: { in: ofProduct.map((row) => row.id) },
        bonusDays: { gt: 0 },
        status: 'applied',
        effectiveAt: { gt: since.bonus },
      },
    });
    return { upgradedInPeriod: (await upgrades) > 0, bonusWithinYear: (await bonuses) > 0 };
  },

  insert: (change) => statementWrite(insertRows('subscription_changes', [toRowChange(change)])),

  update: (change, version) => {
    const update = { set: toRowChange(change), where: { id: change.id, version } };
    return statementWrite(updateRow('subscription_changes', update, `Change ${change.id}`));
  },
});

const inScope = (scope: AccountScope): { accountId?: string } =>
  scope === 'every_account' ? {} : { accountId: scope.account };
