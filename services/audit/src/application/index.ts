export { type ExportRecords, makeExportRecords } from './export-records.ts';
export { type ListRecords, makeListRecords } from './list-records.ts';
export { makeRecordActions, type RecordActions } from './record-actions.ts';
export { makeSealRecords, type SealRecords } from './seal-records.ts';
export { oneWalkAtATime } from './one-walk-at-a-time.ts';
export { makeVerifyChain, type VerifyChain } from './verify-chain.ts';
