import { ListPlans } from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';

import { type ListPlans as ListAllPlans } from '../application/index.ts';
import { toApiPlan } from './convert.ts';

export const listPlansHandler = (listPlans: ListAllPlans): Route =>
  handle(ListPlans, async ({ query }) => {
    const { plans, nextCursor } = await listPlans({
      productKey: query.product ?? null,
      limit: query.limit,
      after: query.after ?? null,
    });
    return ok({ data: plans.map(toApiPlan), nextCursor });
  });
