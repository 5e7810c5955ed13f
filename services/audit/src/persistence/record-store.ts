import { statementWrite, toPlatformError } from '@quittance/database';

import { type NewRecord, type RecordFilter, type RecordPage, type RecordStore } from '../application/ports.ts';
import { type Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowRecord } from './rows.ts';

export const makeRecordStore = (client: PrismaClient): RecordStore => ({
  append: (records) => statementWrite({ text: APPEND, values: [JSON.stringify(records.map(toRow))] }),
  list: async (page) => {
    try {
      const direction = page.order === 'oldest_first' ? 'asc' : 'desc';
      const rows = await client.auditRecord.findMany({
        where: { AND: [whereFilter(page.filter), whereAfter(page)] },
        orderBy: [{ occurredAt: direction }, { id: direction }],
        take: page.limit,
        include: { payload: true, seal: true },
      });
      return rows.map(fromRowRecord);
    } catch (error) {
      throw toPlatformError(error);
    }
  },
});

const whereFilter = (filter: RecordFilter): Prisma.AuditRecordWhereInput => ({
  ...(filter.correlationId === null ? {} : { correlationId: filter.correlationId }),
  ...(filter.subjectId === null ? {} : { subjectId: filter.subjectId }),
  ...(filter.accountId === null ? {} : { accountId: filter.accountId }),
  ...(filter.action === null ? {} : { action: filter.action }),
  ...(filter.actorId === null ? {} : { actorId: filter.actorId }),
  ...(filter.result === null ? {} : { result: filter.result }),
  occurredAt: {
    ...(filter.from === null ? {} : { gte: filter.from }),
    ...(filter.to === null ? {} : { lt: filter.to }),
  },
});

const whereAfter = ({ after, order }: RecordPage): Prisma.AuditRecordWhereInput => {
  if (after === null) return {};
  const { occurredAt, id } = after;
  return order === 'oldest_first'
    ? { OR: [{ occurredAt: { gt: occurredAt } }, { occurredAt, id: { gt: id } }] }
    : { OR: [{ occurredAt: { lt: occurredAt } }, { occurredAt, id: { lt: id } }] };
};

const toRow = ({ subject, actor, ...record }: NewRecord) => ({
  ...record,
  subjectType: subject.type,
  subjectId: subject.id,
  actorKind: actor.kind,
  actorId: actor.id,
});

/**
 * Records, payloads and their places in the sealer's queue in one statement; of a record all three or, for a
 * repetition, none. In order of their ids, so that two batches with the same records wait for each other one way only.
 */
const APPEND = `
  WITH told AS (
    SELECT DISTINCT ON (id) * FROM json_to_recordset($1::json) AS told (
      id text, service text, action text, "subjectType" text, "subjectId" text, "accountId" text, "actorKind" text,
      "actorId" text, result text, reason text, count integer, "correlationId" text, "requestId" text, "sourceIp" text,
      "payloadHash" text, "occurredAt" timestamptz, "recordedAt" timestamptz, payload jsonb)
    ORDER BY id
  ), stored AS (
    INSERT INTO audit_records (id, service, action, subject_type, subject_id, account_id, actor_kind, actor_id, result,
      reason, count, correlation_id, request_id, source_ip, payload_hash, occurred_at, recorded_at)
    SELECT id, service, action, "subjectType", "subjectId", "accountId", "actorKind", "actorId", result, reason, count,
      "correlationId", "requestId", "sourceIp", "payloadHash", "occurredAt", "recordedAt" FROM told ORDER BY id
    ON CONFLICT (id) DO NOTHING RETURNING id
  ), payloads AS (
    INSERT INTO audit_payloads (record_id, payload) SELECT id, payload FROM stored JOIN told USING (id)
  )
  INSERT INTO audit_unsealed (record_id) SELECT id FROM stored`;
