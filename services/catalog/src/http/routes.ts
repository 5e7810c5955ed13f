import { type Route } from '@quittance/http';

import { type ListPlans, type ReadPricing } from '../application/index.ts';
import { getPricingHandler } from './get-pricing.handler.ts';
import { listPlansHandler } from './list-plans.handler.ts';

export const catalogRoutes = (useCases: {
  readonly readPricing: ReadPricing;
  readonly listPlans: ListPlans;
}): readonly Route[] => [getPricingHandler(useCases.readPricing), listPlansHandler(useCases.listPlans)];
