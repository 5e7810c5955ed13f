export { type ActivateSubscription, makeActivateSubscription } from './activate-subscription.ts';
export {
  type AnswerCoupon,
  type KeepCoupon,
  makeAnswerCoupon,
  makeKeepCoupon,
  makeRequireCoupon,
  type RequireCoupon,
} from './answer-coupon.ts';
export type { CouponClaims, Coupons, SubscriptionCoupons } from './coupon-ports.ts';
export { type Beat, makeBeat } from './beat.ts';
export { type BeginCheckout, makeBeginCheckout } from './begin-checkout.ts';
export { type BeginRenewals, makeBeginRenewals } from './begin-renewals.ts';
export { type KeepPlan, makeKeepPlan } from './keep-plan.ts';
export type {
  CheckoutWatch,
  Checkouts,
  DueSubscriptions,
  LegacyLinks,
  NextVersion,
  ParkedWork,
  Plans,
  SubscriptionChange,
  Subscriptions,
} from './ports.ts';
export { makeProgressCheckout, type ProgressCheckout } from './progress-checkout.ts';
export { type CheckoutView, makeReadCheckout, type ReadCheckout } from './read-checkout.ts';
export { makeReadRenewals, type ReadRenewals, type UpcomingRenewal, type UpcomingRenewals } from './read-renewals.ts';
export { makeReadSubscriptions, type ReadSubscriptions } from './read-subscriptions.ts';
export {
  IMPORT_OUTCOMES,
  type ImportLegacy,
  type ImportLine,
  type ImportResult,
  makeImportLegacy,
} from './import-legacy.ts';
export { makeMirrorLegacy, type MirrorLegacy, type MirrorReport } from './mirror-legacy.ts';
export { makeSettleRenewals, type SettleRenewals, type ToldMissed, type ToldPaid } from './settle-renewals.ts';
