import { type UnitOfWork, type WallClock } from '@quittance/kernel';

import { type AuditRecord } from '../domain/audit-record.ts';
import { type Place, type RecordFilter, type RecordStore } from './ports.ts';

export interface ExportRecordsQuery {
  readonly filter: RecordFilter;
  /** At most so many; fewer where their payloads are large. */
  readonly limit: number;
  readonly after: Place | null;
  readonly format: string;
}

export interface ExportedRecords {
  readonly records: readonly AuditRecord[];
  /** Where the next file goes on; null after the last. */
  readonly next: Place | null;
  /** Wall time. */
  readonly exportedAt: Date;
}

/** One file of the trail, oldest first. Who took it, and what, is a record of its own before anything is handed out. */
export type ExportRecords = (query: ExportRecordsQuery) => Promise<ExportedRecords>;

const BATCH = 500;
/** Of payloads, the only part of a record without a limit of its own. */
const PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;

export const makeExportRecords =
  (deps: {
    readonly records: RecordStore;
    readonly unitOfWork: UnitOfWork<never>;
    readonly wallClock: WallClock;
  }): ExportRecords =>
  async (query) => {
    const { records, next } = await gather(deps.records, query);
    await deps.unitOfWork.commit({
      writes: [],
      messages: [],
      audit: [
        {
          action: 'audit.exported',
          subject: { type: 'audit_trail', id: 'export' },
          accountId: null,
          after: { ...toldOf(query), records: records.length, first: records[0]?.id, last: records.at(-1)?.id },
        },
      ],
    });
    return { records, next, exportedAt: new Date(deps.wallClock.nowMs()) };
  };

const gather = async (
  store: RecordStore,
  { filter, limit, after }: ExportRecordsQuery,
): Promise<Omit<ExportedRecords, 'exportedAt'>> => {
  const records: AuditRecord[] = [];
  let bytes = 0;
  for (let from = after; ; from = records.at(-1) ?? null) {
    const found = await store.list({ filter, order: 'oldest_first', limit: BATCH, after: from });
    for (const record of found) {
      bytes += record.payload === null ? 0 : Buffer.byteLength(JSON.stringify(record.payload));
      // The first goes in whatever it weighs: each file has something, and the last comes.
      const isFull = records.length === limit || (bytes > PAYLOAD_BYTES_MAX && records.length > 0);
      if (isFull) return { records, next: records.at(-1) ?? null };
      records.push(record);
    }
    if (found.length < BATCH) return { records, next: null };
  }
};

/** What was asked for, as far as anything was. */
const toldOf = ({ filter, format }: ExportRecordsQuery): Readonly<Record<string, unknown>> => ({
  format,
  ...Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null)),
});
