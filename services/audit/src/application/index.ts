export { type ListRecords, makeListRecords } from './list-records.ts';
export { makeRecordAction, type RecordAction } from './record-action.ts';
export { makeSealRecords, type SealRecords } from './seal-records.ts';
export { makeVerifyChain, type VerifyChain } from './verify-chain.ts';
