import { type Write } from '@quittance/kernel';

import { type Action, type AuditRecord, type RecordCore } from '../domain/audit-record.ts';
import { type Head, type Seal } from '../domain/chain.ts';
import { type Link } from '../domain/verify-links.ts';

/** What to list; null asks for everything. */
export interface RecordFilter {
  readonly correlationId: string | null;
  readonly subjectId: string | null;
  readonly accountId: string | null;
  readonly action: string | null;
  readonly actorId: string | null;
  readonly result: string | null;
  /** Inclusive, and exclusive. */
  readonly from: Date | null;
  readonly to: Date | null;
}

/** A place in a list: records are ordered by (occurredAt, id). */
export interface Place {
  readonly occurredAt: Date;
  readonly id: string;
}

export interface RecordPage {
  readonly filter: RecordFilter;
  readonly order: 'oldest_first' | 'newest_first';
  readonly limit: number;
  readonly after: Place | null;
}

/** A record to store, with what its hash was made of. */
export type NewRecord = RecordCore & Pick<Action, 'payload'>;

export interface RecordStore {
  /** Idempotent by each record's id; marks the records as waiting for their seals. */
  append(records: readonly NewRecord[]): Write;
  list(page: RecordPage): Promise<readonly AuditRecord[]>;
}

export interface Chain {
  /** False without looking closer: a round of the sealer that has nothing to do costs one small query. */
  hasUnsealed(): Promise<boolean>;
  /**
   * In one transaction and only if no other process is sealing: up to `limit` waiting records are given to `sealAll`
   * with the chain's head, and its seals are stored. Answers how many; null when somebody else seals.
   */
  sealBatch(
    limit: number,
    sealAll: (head: Head, records: readonly RecordCore[]) => readonly Seal[],
  ): Promise<number | null>;
  /** The seal with this number. */
  headAt(sequence: number): Promise<Head | null>;
  /** The number of the last seal; 0 before the first. */
  length(): Promise<number>;
  /** Links with a sequence above this one, in order. */
  linksAfter(sequence: number, limit: number): Promise<readonly Link[]>;
  /** Records stored before this instant (wall time) that no seal names. */
  countUnsealed(storedBefore: Date): Promise<number>;
}
