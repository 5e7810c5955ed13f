import { write } from '@quittance/database';
import { must } from '@quittance/kernel';

import { type Plans } from '../application/index.ts';
import { mergeEntitlements } from '../domain/merge-entitlements.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowPlan, toPlanDocument } from './rows.ts';

export const makePlans = (client: PrismaClient): Plans => ({
  findCurrent: async (planId) => {
    const row = await client.planVersion.findFirst({ where: { planId }, orderBy: { messageVersion: 'desc' } });
    return row && fromRowPlan(row);
  },
  findVersion: async (planVersionId) => {
    const row = await client.planVersion.findUnique({ where: { planVersionId } });
    return row && fromRowPlan(row);
  },
  entitlementsOf: async (items) => {
    const bought = items.flatMap(({ planVersionId, quantity }) => (planVersionId ? [{ planVersionId, quantity }] : []));
    const rows = await client.planVersion.findMany({
      where: { planVersionId: { in: bought.map(({ planVersionId }) => planVersionId) } },
    });
    const plans = new Map(rows.map((row) => [row.planVersionId, fromRowPlan(row)]));
    return mergeEntitlements(
      bought.map(({ planVersionId, quantity }) => ({
        quantity,
        entitlements: must(plans.get(planVersionId), `plan version ${planVersionId}`).entitlements,
      })),
    );
  },
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
