export type { CallOptions } from './call.ts';
export type {
  EntitlementAllowed,
  EntitlementDenied,
  EntitlementOutcome,
  EntitlementUnknown,
} from './check-entitlement.ts';
export type {
  CheckEntitlementInput,
  CheckoutSession,
  CreateHandoffAnswer,
  CreateHandoffInput,
  EntitlementDocument,
  GetAccountEntitlementsAnswer,
  GetAccountStatusAnswer,
  GetBillingAnswer,
  Invoice,
  Money,
  Payment,
  Pricing,
  Subscription,
} from './generated/shapes.ts';
export { type ClientSettings, makeClient, type QuittanceClient } from './make-client.ts';
export { QuittanceError } from './quittance-error.ts';
export type { ClientCredentials } from './service-token.ts';
