import { toPlatformError } from '@quittance/database';
import { type WallClock } from '@quittance/kernel';

import { type Chain } from '../application/ports.ts';
import { GENESIS, type Head, type Seal } from '../domain/chain.ts';
import { type AuditRecord as RecordRow, type AuditSeal, type Prisma, type PrismaClient } from './generated/client.ts';
import { fromRowCore, fromRowPayload } from './rows.ts';

/** Two sealers would give one number twice. Held for one transaction, so it cannot outlive its process. */
const LOCK = 0x71756975;

const TRANSACTION = { maxWait: 5000, timeout: 15_000 } as const;

/** So often a sealer with much to do looks at the whole queue, so that a record with an older id never waits for long. */
const WHOLE_EVERY = 16;
const FROM_THE_BEGINNING = '';

export const makeChainStore = ({
  client,
  wallClock,
}: {
  readonly client: PrismaClient;
  readonly wallClock: WallClock;
}): Chain => {
  /**
   * While there is more than one batch, each begins behind the last one: sealed rows leave their index entries behind
   * until a vacuum, and walking over all of them made every batch dearer than the one before.
   */
  let after = FROM_THE_BEGINNING;
  let full = 0;
  return {
    hasUnsealed: () => mapping(async () => (await client.auditUnsealed.findFirst()) !== null),
    sealBatch: (limit, sealAll) =>
      mapping(() =>
        client.$transaction(async (transaction) => {
          // The queue is nearly empty and full of what was: a scan of it would pass all of that for every batch.
          const [lock] = await transaction.$queryRaw<{ won: boolean }[]>`
          SELECT pg_try_advisory_xact_lock(${LOCK}) AS won, set_config('enable_seqscan', 'off', true)`;
          if (lock?.won !== true) return null;
          const behind = await readWaiting(transaction, after, limit);
          const waiting =
            behind.length === limit || after === FROM_THE_BEGINNING
              ? behind
              : await readWaiting(transaction, FROM_THE_BEGINNING, limit);
          full = waiting.length === limit ? full + 1 : 0;
          after = full % WHOLE_EVERY === 0 ? FROM_THE_BEGINNING : (waiting.at(-1)?.id ?? FROM_THE_BEGINNING);
          if (waiting.length === 0) return 0;
          const last = await transaction.auditSeal.findFirst({ orderBy: { sequence: 'desc' } });
          const head = last === null ? GENESIS : fromRowHead(last);
          const seals = sealAll(head, waiting.map(fromRowCore));
          await storeSeals(transaction, seals, new Date(wallClock.nowMs()));
          return waiting.length;
        }, TRANSACTION),
      ),
    headAt: (sequence) =>
      mapping(async () => {
        const found = await client.auditSeal.findUnique({ where: { sequence: BigInt(sequence) } });
        return found === null ? null : fromRowHead(found);
      }),
    length: () => mapping(() => lengthOf(client)),
    linksAfter: (sequence, limit) =>
      mapping(async () => {
        const seals = await client.auditSeal.findMany({
          where: { sequence: { gt: BigInt(sequence) } },
          orderBy: { sequence: 'asc' },
          take: limit,
        });
        const recordIds = seals.map((seal) => seal.recordId);
        // Looked up by themselves: a seal whose record is gone must still be seen.
        const rows = await client.auditRecord.findMany({
          where: { id: { in: recordIds } },
          include: { payload: true },
        });
        const byId = new Map(rows.map((row) => [row.id, row]));
        return seals.map((seal) => {
          const row = byId.get(seal.recordId);
          return {
            seal: fromRowSeal(seal),
            record: row === undefined ? null : fromRowCore(row),
            payload: fromRowPayload(row?.payload ?? null),
          };
        });
      }),
    countUnsealed: (storedBefore) =>
      mapping(() => client.auditRecord.count({ where: { recordedAt: { lt: storedBefore }, seal: null } })),
  };
};

const readWaiting = (
  transaction: Prisma.TransactionClient,
  after: string,
  limit: number,
): Promise<readonly RecordRow[]> =>
  transaction.$queryRaw<RecordRow[]>`
    SELECT r.id, r.service, r.action, r.subject_type AS "subjectType", r.subject_id AS "subjectId",
      r.account_id AS "accountId", r.actor_kind AS "actorKind", r.actor_id AS "actorId", r.result, r.reason,
      r.count, r.correlation_id AS "correlationId", r.request_id AS "requestId", r.source_ip AS "sourceIp",
      r.payload_hash AS "payloadHash", r.occurred_at AS "occurredAt", r.recorded_at AS "recordedAt"
    FROM (SELECT record_id FROM audit_unsealed WHERE record_id > ${after} ORDER BY record_id LIMIT ${limit}) AS waiting
    JOIN audit_records r ON r.id = waiting.record_id ORDER BY r.id`;

/** One statement for the batch: seals in, and their records out of the queue. */
const storeSeals = async (
  transaction: Prisma.TransactionClient,
  seals: readonly Seal[],
  sealedAt: Date,
): Promise<void> => {
  const recordIds = seals.map((seal) => seal.recordId);
  await transaction.$executeRaw`
    WITH stored AS (
      INSERT INTO audit_seals (sequence, record_id, prev_hash, hash, sealed_at)
      SELECT made.*, ${sealedAt.toISOString()}::text::timestamptz FROM unnest(
        ${seals.map((seal) => String(seal.sequence))}::text[]::bigint[],
        ${recordIds}::text[],
        ${seals.map((seal) => seal.prevHash)}::text[],
        ${seals.map((seal) => seal.hash)}::text[]) AS made
    )
    DELETE FROM audit_unsealed WHERE record_id = ANY (${recordIds}::text[])`;
};

const fromRowHead = (row: AuditSeal): Head => ({ sequence: Number(row.sequence), hash: row.hash });

const fromRowSeal = (row: AuditSeal): Seal => ({
  sequence: Number(row.sequence),
  recordId: row.recordId,
  prevHash: row.prevHash,
  hash: row.hash,
});

const mapping = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw toPlatformError(error);
  }
};

const lengthOf = async (client: PrismaClient): Promise<number> => {
  const last = await client.auditSeal.findFirst({ orderBy: { sequence: 'desc' }, select: { sequence: true } });
  return last === null ? 0 : Number(last.sequence);
};
