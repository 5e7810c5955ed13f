import { type AuditRecord } from '../domain/audit-record.ts';
import { type Place, type RecordFilter, type RecordStore } from './ports.ts';

export interface ListRecordsQuery {
  readonly filter: RecordFilter;
  readonly limit: number;
  readonly after: Place | null;
}

/** A page of the trail. One purchase is read like a story, oldest first; everything else newest first. */
export type ListRecords = (
  query: ListRecordsQuery,
) => Promise<{ readonly records: readonly AuditRecord[]; readonly next: Place | null }>;

export const makeListRecords =
  (deps: { readonly records: RecordStore }): ListRecords =>
  async ({ filter, limit, after }) => {
    const order = filter.correlationId === null ? 'newest_first' : 'oldest_first';
    const found = await deps.records.list({ filter, order, limit: limit + 1, after });
    const records = found.slice(0, limit);
    return { records, next: found.length > limit ? (records.at(-1) ?? null) : null };
  };
