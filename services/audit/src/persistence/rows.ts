import { type AuditRecord, type Payload, type RecordCore } from '../domain/audit-record.ts';
import { type AuditPayload, type AuditRecord as RecordRow, type AuditSeal } from './generated/client.ts';

export const fromRowCore = (row: RecordRow): RecordCore => ({
  id: row.id,
  service: row.service,
  action: row.action,
  subject: { type: row.subjectType, id: row.subjectId },
  accountId: row.accountId,
  actor: { kind: row.actorKind, id: row.actorId },
  result: row.result,
  reason: row.reason,
  count: row.count,
  correlationId: row.correlationId,
  requestId: row.requestId,
  sourceIp: row.sourceIp,
  payloadHash: row.payloadHash,
  occurredAt: row.occurredAt,
  recordedAt: row.recordedAt,
});

export const fromRowRecord = (
  row: RecordRow & { readonly payload: AuditPayload | null; readonly seal: AuditSeal | null },
): AuditRecord => ({
  ...fromRowCore(row),
  payload: fromRowPayload(row.payload),
  seal:
    row.seal === null
      ? null
      : { sequence: Number(row.seal.sequence), prevHash: row.seal.prevHash, hash: row.seal.hash },
});

/** A payload is always an object; anything else was not put there by us and counts as changed. */
export const fromRowPayload = (row: AuditPayload | null): Payload | null => {
  if (row === null) return null;
  const { payload } = row;
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload : { changed: payload };
};
