/** What catalog can do. */
export { type ApplyRates, makeApplyRates, type Reconversion } from './apply-rates.ts';
export { makeChangeCatalog } from './change-catalog.ts';
export { type ClaimCoupon, makeClaimCoupon } from './claim-coupon.ts';
export { type Coupons, type CouponView, makeCoupons } from './coupons.ts';
export { type CurrentCatalog, makeCurrentCatalog } from './current-catalog.ts';
export { type DiscardDraft, makeDiscardDraft } from './discard-draft.ts';
export { type CreatePlan, type EditPlan, makeCreatePlan, makeEditPlan } from './edit-plan.ts';
export { type ChangeProducts, makeChangeProducts, type ProductDocument } from './edit-product.ts';
export { type ExchangeRates, makeExchangeRates, type RatesView } from './exchange-rates.ts';
export type { PlanOfProduct } from './plan-changes.ts';
export { type CatalogPublication, makePublishCatalog } from './publish-catalog.ts';
export { makePublishPlan, makeRetirePlan, type PublishPlan, type RetirePlan } from './publish-plan.ts';
export { makeReadPlans, type ReadPlans } from './read-plans.ts';
export { makeReadPricing, type PricingQuestion, type PricingView, type ReadPricing } from './read-pricing.ts';
export { makeReportDiscounts, type PaidInvoice, type ReportDiscounts } from './report-discounts.ts';
export { makeRepublishPlans } from './republish-plans.ts';
export { makeSeedCatalog, type SeedCatalog } from './seed-catalog.ts';
