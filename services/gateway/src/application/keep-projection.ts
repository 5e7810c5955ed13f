import { type UnitOfWork } from '@quittance/kernel';

import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { type GatewayMessage } from '../domain/messages.ts';
import { type EntitlementWrites } from './ports.ts';

/** What the gateway does with what subscription tells it. */
export interface KeepProjection {
  /** In any order: the highest revision wins. */
  keepDocument(document: EntitlementDocument): Promise<void>;
  /** In any order: the latest beat wins. */
  noteBeat(beatAt: Date): Promise<void>;
}

export const makeKeepProjection = (deps: {
  readonly writes: EntitlementWrites;
  readonly unitOfWork: UnitOfWork<GatewayMessage>;
}): KeepProjection => ({
  keepDocument: (document) =>
    // Subscription recorded the change itself; this is a copy of it.
    deps.unitOfWork.commit({ writes: [deps.writes.keep(document)], messages: [], audit: [] }),
  noteBeat: (beatAt) => deps.unitOfWork.commit({ writes: [deps.writes.noteBeat(beatAt)], messages: [], audit: [] }),
});
