import { type UnitOfWork, type WallClock } from '@quittance/kernel';

import { type Action } from '../domain/audit-record.ts';
import { type Digest, payloadHash } from '../domain/chain.ts';
import { type RecordStore } from './ports.ts';

/** Appends records in one commit; one that is there already stays as it is. */
export type RecordActions = (actions: readonly Action[]) => Promise<void>;

export interface RecordActionsDeps {
  readonly records: RecordStore;
  readonly unitOfWork: UnitOfWork<never>;
  readonly wallClock: WallClock;
  readonly digest: Digest;
  readonly onStored: () => void;
}

export const makeRecordActions = (deps: RecordActionsDeps): RecordActions => {
  const { records, unitOfWork, wallClock, digest, onStored } = deps;
  return async (actions) => {
    const recordedAt = new Date(wallClock.nowMs());
    const told = actions.map((action) => ({
      ...action,
      payloadHash: payloadHash(action.payload, digest),
      recordedAt,
    }));
    // Recording is not itself an action: a record about each record would never end.
    await unitOfWork.commit({ writes: [records.append(told)], messages: [], audit: [] });
    onStored();
  };
};
