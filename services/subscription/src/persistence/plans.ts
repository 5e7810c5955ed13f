import { type Database, selectFrom, write } from '@quittance/database';

import { type Plans } from '../application/index.ts';
import { entitlementsOf } from '../domain/merge-entitlements.ts';
import { type PlanVersion as PlanColumns, Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowPlan, toPlanDocument } from './rows.ts';

const PLANS = { table: 'plan_versions', fields: Prisma.PlanVersionScalarFieldEnum };

export const makePlans = ({ client, read }: Pick<Database<PrismaClient>, 'client' | 'read'>): Plans => ({
  findCurrent: async (planId) => {
    const row = await client.planVersion.findFirst({ where: { planId }, orderBy: { messageVersion: 'desc' } });
    return row && fromRowPlan(row);
  },
  findVersion: (planVersionId) =>
    read(async (ask) => {
      const [row] = await ask(selectFrom<PlanColumns>(PLANS, 'WHERE t.plan_version_id = $1', [planVersionId]));
      return row === undefined ? null : fromRowPlan(row);
    }),
  findByKeys: async (productKey, key) => {
    const row = await client.planVersion.findFirst({
      where: { productKey, key },
      orderBy: { messageVersion: 'desc' },
    });
    return row && fromRowPlan(row);
  },
  findVersions: (ids) =>
    read(async (ask) => {
      const rows = await ask(selectFrom<PlanColumns>(PLANS, 'WHERE t.plan_version_id = ANY($1)', [ids]));
      return rows.map(fromRowPlan);
    }),
  entitlementsOf: (items) =>
    read(async (ask) => {
      const ids = items.flatMap(({ planVersionId }) => (planVersionId === null ? [] : [planVersionId]));
      const rows = await ask(selectFrom<PlanColumns>(PLANS, 'WHERE t.plan_version_id = ANY($1)', [ids]));
      return entitlementsOf(items, new Map(rows.map(fromRowPlan).map((plan) => [plan.planVersionId, plan])));
    }),
  store: (plan, messageVersion) =>
    write<Prisma.TransactionClient>(async (tx) => {
      const row = {
        planId: plan.planId,
        productId: plan.productId,
        productKey: plan.productKey,
        key: plan.key,
        status: plan.status,
        messageVersion,
        document: toPlanDocument(plan),
      };
      await tx.planVersion.createMany({ data: [{ planVersionId: plan.planVersionId, ...row }], skipDuplicates: true });
      // An older snapshot that arrives late finds a higher version and changes nothing.
      await tx.planVersion.updateMany({
        where: { planVersionId: plan.planVersionId, messageVersion: { lt: messageVersion } },
        data: row,
      });
    }),
});
