export { type CheckEntitlement, makeCheckEntitlement } from './check-entitlement.ts';
export { type KeepProjection, makeKeepProjection } from './keep-projection.ts';
export { type LimitRate, makeLimitRate } from './limit-rate.ts';
export { mergeLists } from './merge-lists.ts';
export type {
  CallService,
  EntitlementProjection,
  EntitlementSource,
  EntitlementWrites,
  FetchPage,
  Page,
  Projected,
  ServiceAnswer,
  ServiceCall,
} from './ports.ts';
export { type BillingSources, type Part, readBilling } from './read-billing.ts';
export { type DenialLog, makeDenialLog, makeRecordDenials, type RecordDenials } from './record-denials.ts';
