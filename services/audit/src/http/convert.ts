import {
  type ApiAuditRecord,
  type ExportAuditRecords,
  type ListAuditRecords,
  type VerifyAuditChain,
} from '@quittance/contracts';
import { platformFail } from '@quittance/kernel';
import { type z } from 'zod';

import { type Place, type RecordFilter } from '../application/ports.ts';
import { type Verification } from '../application/verify-chain.ts';
import { type AuditRecord } from '../domain/audit-record.ts';

type WhichRecords = Omit<
  z.output<typeof ListAuditRecords.query> & z.output<typeof ExportAuditRecords.query>,
  'limit' | 'format'
>;

export const fromApiFilter = (query: WhichRecords): RecordFilter => ({
  correlationId: query.correlation ?? null,
  subjectId: query.subject ?? null,
  accountId: query.account ?? null,
  action: query.action ?? null,
  actorId: query.actor ?? null,
  result: query.result ?? null,
  from: query.from === undefined ? null : new Date(query.from),
  to: query.to === undefined ? null : new Date(query.to),
});

export const toApiCursor = (place: Place): string =>
  Buffer.from(`${place.occurredAt.toISOString()} ${place.id}`).toString('base64url');

/** As `toApiCursor` writes it: years and signs that PostgreSQL would choke on are not ours. */
const PLACE = /^([1-9]\d{3}-\d\d-\d\dT[\d:.]{12}Z) ([\w:.-]{1,200})$/;

export const fromApiCursor = (cursor: string): Place => {
  const [, instant = '', id = ''] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const occurredAt = new Date(instant);
  if (Number.isNaN(occurredAt.getTime())) {
    throw platformFail('platform.invalid_cursor', '`after` is not a cursor of this list.');
  }
  return { occurredAt, id };
};

export const toApiRecord = (record: AuditRecord): z.input<typeof ApiAuditRecord> => ({
  id: record.id,
  sequence: record.seal?.sequence ?? null,
  hash: record.seal?.hash ?? null,
  service: record.service,
  action: record.action,
  subject: record.subject,
  accountId: record.accountId,
  actor: record.actor,
  result: toApiResult(record.result),
  reason: record.reason,
  count: record.count,
  correlationId: record.correlationId,
  requestId: record.requestId,
  sourceIp: record.sourceIp,
  payload: record.payload === null ? null : { ...record.payload },
  occurredAt: record.occurredAt.toISOString(),
  recordedAt: record.recordedAt.toISOString(),
});

const toApiResult = (result: string): z.input<typeof ApiAuditRecord>['result'] =>
  result === 'denied' || result === 'failed' ? result : 'succeeded';

export const toApiVerification = (found: Verification): z.input<typeof VerifyAuditChain.answer> => {
  const { head, checked, problem } = found.verdict;
  return {
    valid: problem === null,
    checked,
    verifiedUpTo: head.sequence,
    head: head.sequence === 0 ? null : head.hash,
    unsealed: found.unsealed,
    firstProblem: problem,
    verifiedAt: found.verifiedAt.toISOString(),
  };
};
