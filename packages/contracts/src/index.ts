export { fromApiMoney, toApiMoney } from './api-money.ts';
export {
  type Access,
  httpContract,
  type HttpContract,
  type HttpMethod,
  NOTHING,
  type RateClass,
} from './http-contract.ts';
export { operationsContracts } from './internal/operations.ts';
export { GetPricingProfile } from './internal/pricing-profile.ts';
export { GetProfiledPricing } from './internal/profiled-pricing.ts';
export { ApiPlannedChange, PlanSubscriptionChange, PlanSubscriptionItems, QuoteInvoice } from './internal/previews.ts';
export {
  Envelope,
  event,
  type IncomingMessage,
  MESSAGE_BYTES_MAX,
  type MessageDefinition,
  outgoing,
  type OutgoingMessage,
} from './message.ts';
export { RecordAction } from './messages/audit.ts';
export { PlanPublished } from './messages/catalog.ts';
export {
  ConfirmCoupon,
  CouponChanged,
  CouponRefused,
  CouponReserved,
  ReleaseCoupon,
  ReserveCoupon,
} from './messages/coupons.ts';
export {
  CancelInvoice,
  CancelRenewalInvoice,
  InvoiceCollectionFailed,
  InvoiceDrafted,
  InvoiceCarried,
  InvoicePaid,
  InvoiceVoided,
  OpenInvoice,
  RememberBuyer,
} from './messages/invoicing.ts';
export {
  ChargeOrder,
  CloseOrder,
  OpenOrder,
  OrderExpired,
  OrderFailed,
  OrderOpened,
  PaymentCompleted,
  LegacySubscriptionReported,
  PaymentFailed,
  RecheckOrder,
  KeepMethod,
} from './messages/payments-card.ts';
export { EntitlementsChanged, SubscriptionBeat } from './messages/subscription.ts';
export {
  ApiAuditRecord,
  ApiExportedAuditRecord,
  ExportAuditRecords,
  ListAuditRecords,
  VerifyAuditChain,
} from './public/audit.ts';
export { GetAccountPricing, GetPricing } from './public/catalog.ts';
export {
  CreateFormerAppCheckout,
  CreateFormerCheckout,
  GetSubscriptionStatus,
  DowngradeFormerSubscription,
  ReceiveFormerStripeWebhook,
  SetFormerSubscriptionStatus,
  UpgradeFormerSubscription,
} from './public/compatibility.ts';
export { CreateCoupon, DeactivateCoupon, GetCoupon, ListCoupons, ListRedemptions } from './public/coupons.ts';
export { CheckEntitlement, GetBilling } from './public/gateway.ts';
export { CreateHandoff, OpenHandoffCheckout, UseHandoff } from './public/handoff.ts';
export {
  ApiBalanceDue,
  ApiInvoice,
  ApiPayment,
  GetBalanceDue,
  GetInvoice,
  GetPayment,
  ListInvoices,
  ListPayments,
} from './public/invoicing.ts';
export {
  ApiAttentionItem,
  ApiDeadLetter,
  ListAttention,
  ListDeadLetters,
  ReplayDeadLetter,
} from './public/operations.ts';
export { GetPlanVersion, ListPlanVersions } from './public/plan-versions.ts';
export {
  ApiPlan,
  ApiPlanDocument,
  CreatePlan,
  DiscardDraft,
  EditPlan,
  GetPlan,
  ListPlans,
  PublishPlan,
  RetirePlan,
} from './public/plans.ts';
export {
  ApiProductDocument,
  CreateProduct,
  EditProduct,
  GetExchangeRates,
  GetProduct,
  ListProducts,
  SetExchangeRates,
  ApplyExchangeRates,
  PreviewExchangeRates,
} from './public/products.ts';
export {
  ApiPaymentOrder,
  CreatePortalSession,
  GetPaymentOrder,
  ListPaymentOrders,
  ReceiveStripeWebhook,
} from './public/payments-card.ts';
export {
  ApiSubscriptionChange,
  ChangeSubscription,
  CommitSubscriptionItems,
  ListSubscriptionChanges,
  PreviewSubscriptionChange,
  PreviewSubscriptionItems,
  UndoSubscriptionChange,
} from './public/subscription-changes.ts';
export {
  CancelSubscription,
  CreateSubscription,
  PauseSubscription,
  ReportFeatureCounts,
  ResumeSubscription,
  SetSubscriptionStatus,
  StartTrial,
} from './public/subscription-life.ts';
export { ApiEntitlementDocument, GetAccountEntitlements, GetAccountStatus } from './public/account-entitlements.ts';
export {
  ApiCheckoutSession,
  ApiDueNow,
  CreateCheckoutSession,
  GetCheckoutSession,
  VerifyCheckoutSession,
} from './public/checkout-sessions.ts';
export { ListRenewals } from './public/renewals.ts';
export { ApiSubscription, GetSubscription, ListSubscriptions } from './public/subscription.ts';
export { ApiLifePreview, PreviewCancel, PreviewPause, PreviewResume, PreviewStatus } from './public/life-previews.ts';
export {
  ApiPlanMove,
  ApiPlanMoveRow,
  GetPlanMove,
  ListPlanMoves,
  PreviewPlanMove,
  StartPlanMove,
} from './public/plan-moves.ts';
export { allMessages, httpContracts, messagesConsumedBy } from './registry.ts';
export type { ServiceName } from './service-name.ts';
export { ApiMoney } from './shapes.ts';
