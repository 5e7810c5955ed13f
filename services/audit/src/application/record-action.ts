import { type UnitOfWork, type WallClock } from '@quittance/kernel';

import { type Action } from '../domain/audit-record.ts';
import { type Digest, payloadHash } from '../domain/chain.ts';
import { type RecordStore } from './ports.ts';

/** Appends one record; a record that is there already stays as it is. */
export type RecordAction = (action: Action) => Promise<void>;

export interface RecordActionDeps {
  readonly records: RecordStore;
  readonly unitOfWork: UnitOfWork<never>;
  readonly wallClock: WallClock;
  readonly digest: Digest;
  readonly onStored: () => void;
}

export const makeRecordAction = (deps: RecordActionDeps): RecordAction => {
  const { records, unitOfWork, wallClock, digest, onStored } = deps;
  return async ({ payload, ...action }) => {
    const record = { ...action, payloadHash: payloadHash(payload, digest), recordedAt: new Date(wallClock.nowMs()) };
    // Recording is not itself an action: a record about each record would never end.
    await unitOfWork.commit({ writes: [records.append(record, payload)], messages: [], audit: [] });
    onStored();
  };
};
