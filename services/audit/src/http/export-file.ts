import { type ApiExportedAuditRecord } from '@quittance/contracts';
import { stringify } from 'csv-stringify/sync';
import { type z } from 'zod';

import { type AuditRecord } from '../domain/audit-record.ts';
import { toApiRecord } from './convert.ts';

export interface ExportFile {
  readonly text: string;
  readonly mediaType: string;
  /** `audit-20260302T090000Z.csv`. */
  readonly name: string;
}

interface Exported {
  readonly records: readonly AuditRecord[];
  readonly exportedAt: Date;
}

/** The records as one text: a table for people and spreadsheets, or an object a line for programs. */
export const exportFile = (format: 'csv' | 'ndjson', { records, exportedAt }: Exported): ExportFile => {
  const name = `audit-${exportedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.${format}`;
  const lines = records.map(toApiExportedRecord);
  return format === 'csv'
    ? { text: toCsv(lines), mediaType: 'text/csv; charset=utf-8', name }
    : { text: lines.map((line) => `${JSON.stringify(line)}\n`).join(''), mediaType: 'application/x-ndjson', name };
};

type Line = z.input<typeof ApiExportedAuditRecord>;

const toApiExportedRecord = (record: AuditRecord): Line => ({
  ...toApiRecord(record),
  payloadHash: record.payloadHash,
  prevHash: record.seal?.prevHash ?? null,
});

/**
 * RFC 4180. The byte order mark is what tells spreadsheets that it is UTF-8; a text that they would run as a formula
 * gets an apostrophe before it, which they do not show.
 */
const toCsv = (lines: readonly Line[]): string =>
  stringify(lines.map(toRow), {
    bom: true,
    header: true,
    columns: [...COLUMNS],
    record_delimiter: 'windows',
    escape_formulas: true,
  });

const COLUMNS = [
  'sequence',
  'occurredAt',
  'recordedAt',
  'service',
  'action',
  'subjectType',
  'subjectId',
  'accountId',
  'actorKind',
  'actorId',
  'result',
  'reason',
  'count',
  'payload',
  'correlationId',
  'requestId',
  'sourceIp',
  'id',
  'payloadHash',
  'prevHash',
  'hash',
] as const;

const toRow = ({ subject, actor, payload, ...line }: Line): Readonly<Record<(typeof COLUMNS)[number], unknown>> => ({
  ...line,
  subjectType: subject.type,
  subjectId: subject.id,
  actorKind: actor.kind,
  actorId: actor.id,
  payload: payload === null ? null : JSON.stringify(payload),
});
