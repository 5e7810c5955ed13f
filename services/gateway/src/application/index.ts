export { type CheckEntitlement, makeCheckEntitlement } from './check-entitlement.ts';
export { buyerOf, type HandOff, makeHandOff, sessionPrincipal } from './handoffs.ts';
export { type KeepProjection, makeKeepProjection } from './keep-projection.ts';
export { type LimitRate, makeLimitRate } from './limit-rate.ts';
export { mergeLists } from './merge-lists.ts';
export type {
  Absences,
  BearerSecrets,
  CallService,
  EntitlementProjection,
  EntitlementSource,
  EntitlementWrites,
  FetchPage,
  Handoffs,
  Page,
  Projected,
  ServiceAnswer,
  ServiceCall,
  SoldPlans,
} from './ports.ts';
export { type BillingSources, type Part, readBilling } from './read-billing.ts';
export { type DenialLog, makeDenialLog, makeRecordDenials, type RecordDenials } from './record-denials.ts';
