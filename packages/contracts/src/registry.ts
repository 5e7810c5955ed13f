import { type HttpContract } from './http-contract.ts';
import { type MessageDefinition } from './message.ts';
import { RecordAction } from './messages/audit.ts';
import { PlanPublished } from './messages/catalog.ts';
import {
  ConfirmCoupon,
  CouponChanged,
  CouponRefused,
  CouponReserved,
  ReleaseCoupon,
  ReserveCoupon,
} from './messages/coupons.ts';
import {
  CancelInvoice,
  CancelRenewalInvoice,
  InvoiceCarried,
  InvoiceCollectionFailed,
  InvoiceDrafted,
  InvoicePaid,
  InvoiceVoided,
  OpenInvoice,
  RememberBuyer,
} from './messages/invoicing.ts';
import {
  ChargeOrder,
  CloseOrder,
  KeepMethod,
  OpenOrder,
  OrderExpired,
  OrderFailed,
  OrderOpened,
  PaymentCompleted,
  LegacySubscriptionReported,
  PaymentFailed,
  RecheckOrder,
} from './messages/payments-card.ts';
import { EntitlementsChanged, SubscriptionBeat } from './messages/subscription.ts';
import { GetAccountEntitlements, GetAccountStatus } from './public/account-entitlements.ts';
import { ExportAuditRecords, ListAuditRecords, VerifyAuditChain } from './public/audit.ts';
import { GetAccountPricing, GetPricing } from './public/catalog.ts';
import { CreateCheckoutSession, GetCheckoutSession, VerifyCheckoutSession } from './public/checkout-sessions.ts';
import {
  CreateFormerAppCheckout,
  CreateFormerCheckout,
  GetSubscriptionStatus,
  DowngradeFormerSubscription,
  ReceiveFormerStripeWebhook,
  SetFormerSubscriptionStatus,
  UpgradeFormerSubscription,
} from './public/compatibility.ts';
import { CreateCoupon, DeactivateCoupon, GetCoupon, ListCoupons, ListRedemptions } from './public/coupons.ts';
import { CheckEntitlement, GetBilling } from './public/gateway.ts';
import { CreateHandoff, OpenHandoffCheckout, UseHandoff } from './public/handoff.ts';
import { GetBalanceDue, GetInvoice, GetPayment, ListInvoices, ListPayments } from './public/invoicing.ts';
import { PreviewCancel, PreviewPause, PreviewResume, PreviewStatus } from './public/life-previews.ts';
import { ListAttention, ListDeadLetters, ReplayDeadLetter } from './public/operations.ts';
import {
  CreatePortalSession,
  GetPaymentOrder,
  ListPaymentOrders,
  ReceiveStripeWebhook,
} from './public/payments-card.ts';
import { GetPlanMove, ListPlanMoves, PreviewPlanMove, StartPlanMove } from './public/plan-moves.ts';
import { GetPlanVersion, ListPlanVersions } from './public/plan-versions.ts';
import { CreatePlan, DiscardDraft, EditPlan, GetPlan, ListPlans, PublishPlan, RetirePlan } from './public/plans.ts';
import {
  CreateProduct,
  EditProduct,
  GetExchangeRates,
  GetProduct,
  ListProducts,
  ApplyExchangeRates,
  PreviewExchangeRates,
  SetExchangeRates,
} from './public/products.ts';
import { ListRenewals } from './public/renewals.ts';
import {
  ChangeSubscription,
  CommitSubscriptionItems,
  ListSubscriptionChanges,
  PreviewSubscriptionChange,
  PreviewSubscriptionItems,
  UndoSubscriptionChange,
} from './public/subscription-changes.ts';
import {
  CancelSubscription,
  CreateSubscription,
  PauseSubscription,
  ReportFeatureCounts,
  ResumeSubscription,
  SetSubscriptionStatus,
  StartTrial,
} from './public/subscription-life.ts';
import { GetSubscription, ListSubscriptions } from './public/subscription.ts';
import { type ServiceName } from './service-name.ts';

/** Every message type. The topology, `docs/events.md` and the contract tests are made from this list. */
export const allMessages: readonly MessageDefinition[] = [
  PlanPublished,
  CouponChanged,
  ReserveCoupon,
  CouponReserved,
  CouponRefused,
  ConfirmCoupon,
  ReleaseCoupon,
  OpenInvoice,
  CancelInvoice,
  RememberBuyer,
  CancelRenewalInvoice,
  InvoiceDrafted,
  InvoiceCarried,
  InvoicePaid,
  InvoiceCollectionFailed,
  InvoiceVoided,
  OpenOrder,
  ChargeOrder,
  CloseOrder,
  RecheckOrder,
  KeepMethod,
  OrderOpened,
  OrderFailed,
  OrderExpired,
  PaymentCompleted,
  LegacySubscriptionReported,
  PaymentFailed,
  EntitlementsChanged,
  SubscriptionBeat,
  RecordAction,
];

export const messagesConsumedBy = (service: ServiceName): readonly MessageDefinition[] =>
  allMessages.filter((message) => message.consumers.includes(service));

/** Every public route. The gateway's routing table, `docs/openapi.json` and the route walks are made from this list. */
export const httpContracts: readonly HttpContract[] = [
  GetPricing,
  GetAccountPricing,
  ListProducts,
  GetProduct,
  CreateProduct,
  EditProduct,
  ListPlans,
  GetPlan,
  ListPlanVersions,
  GetPlanVersion,
  CreatePlan,
  EditPlan,
  DiscardDraft,
  PublishPlan,
  RetirePlan,
  GetExchangeRates,
  ApplyExchangeRates,
  PreviewExchangeRates,
  SetExchangeRates,
  ListCoupons,
  GetCoupon,
  CreateCoupon,
  DeactivateCoupon,
  ListRedemptions,
  CreateCheckoutSession,
  GetCheckoutSession,
  VerifyCheckoutSession,
  ListSubscriptions,
  GetSubscription,
  ListRenewals,
  PreviewSubscriptionChange,
  ChangeSubscription,
  PreviewSubscriptionItems,
  CommitSubscriptionItems,
  ListSubscriptionChanges,
  UndoSubscriptionChange,
  PreviewPlanMove,
  StartPlanMove,
  ListPlanMoves,
  GetPlanMove,
  PreviewCancel,
  PreviewPause,
  PreviewResume,
  PreviewStatus,
  CancelSubscription,
  ResumeSubscription,
  PauseSubscription,
  SetSubscriptionStatus,
  StartTrial,
  CreateSubscription,
  ReportFeatureCounts,
  GetAccountEntitlements,
  GetAccountStatus,
  ListInvoices,
  GetInvoice,
  ListPayments,
  GetPayment,
  GetBalanceDue,
  ListPaymentOrders,
  GetPaymentOrder,
  CreatePortalSession,
  ReceiveStripeWebhook,
  ListAuditRecords,
  ExportAuditRecords,
  VerifyAuditChain,
  CheckEntitlement,
  GetBilling,
  CreateHandoff,
  UseHandoff,
  OpenHandoffCheckout,
  ListAttention,
  ListDeadLetters,
  ReplayDeadLetter,
  CreateFormerAppCheckout,
  CreateFormerCheckout,
  DowngradeFormerSubscription,
  ReceiveFormerStripeWebhook,
  SetFormerSubscriptionStatus,
  UpgradeFormerSubscription,
  GetSubscriptionStatus,
];
