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
export {
  type ChangePreview,
  type ChangeSubscription,
  type CommittedChange,
  makeChangeSubscription,
} from './change-subscription.ts';
export { type CountFeatures, makeCountFeatures } from './count-features.ts';
export { type KeepPlan, makeKeepPlan } from './keep-plan.ts';
export { type LiveSubscription, makeLiveSubscription } from './live-subscription.ts';
export { makePreviewLife, type PreviewLife } from './preview-life.ts';
export { makeMovePlan, type MovePlan, type PlanMoveView } from './move-plan.ts';
export type { MoveSummary, PlanMoves } from './plan-move-ports.ts';
export { makeSettlePlanMoves, type SettlePlanMoves } from './settle-plan-moves.ts';
export type {
  Changes,
  CheckoutWatch,
  Checkouts,
  Claimed,
  DueSubscriptions,
  Unreadable,
  LegacyLinks,
  FeatureCounts,
  NextVersion,
  ParkedWork,
  Plans,
  RenewalWindow,
  SubscriptionUpdate,
  SubscriptionAndPlace,
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
export { makeRehearseImport } from './rehearse-import.ts';
export { makeMirrorLegacy, type MirrorLegacy, type MirrorReport } from './mirror-legacy.ts';
export { makeSettleRenewals, type SettleRenewals, type ToldMissed, type ToldPaid } from './settle-renewals.ts';
export { makeScheduledChanges, type ScheduledChanges } from './scheduled-changes.ts';
export { makeSettleChange, type SettleChange } from './settle-change.ts';
export { makeSettleDue, type SettleDue } from './settle-due.ts';
export { makeStartTrial, type StartTrial } from './start-trial.ts';
