/** What catalog can do. */
export { type CurrentCatalog, makeCurrentCatalog } from './current-catalog.ts';
export { type ListPlans, makeListPlans, type PlanOfProduct } from './list-plans.ts';
export { makePublishCatalog, type PublishCatalog } from './publish-catalog.ts';
export { makeReadPricing, type PricingView, type ReadPricing } from './read-pricing.ts';
export { makeRepublishPlans } from './republish-plans.ts';
export { makeSeedCatalog, type SeedCatalog } from './seed-catalog.ts';
