import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { inDigits, Instant, pageOf, pageQuery, WholeNumber } from '../shapes.ts';

export const ApiAuditRecord = z
  .strictObject({
    id: z.string(),
    sequence: z.int().nullable().describe('Place in the chain; null until sealed (within 2 s).'),
    hash: z.string().nullable(),
    service: z.string(),
    action: z.string(),
    subject: z.strictObject({ type: z.string(), id: z.string() }),
    accountId: z.string().nullable(),
    actor: z.strictObject({ kind: z.string(), id: z.string() }),
    result: z.enum(['succeeded', 'denied', 'failed']),
    reason: z.string().nullable(),
    count: z.int(),
    correlationId: z.string(),
    requestId: z.string().nullable(),
    sourceIp: z.string().nullable(),
    payload: z.record(z.string(), z.unknown()).nullable().describe('Null once erased; the hash in the chain stays.'),
    occurredAt: Instant,
    recordedAt: Instant,
  })
  .meta({ id: 'AuditRecord' });

/** What to look for in the trail. */
const whichRecords = {
  correlation: z.string().max(200).optional(),
  subject: z.string().max(200).optional(),
  account: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  actor: z.string().max(200).optional(),
  result: z.enum(['succeeded', 'denied', 'failed']).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
};

const isCursor = (text: string): boolean => /^[\w-]+$/.test(text);

export const ListAuditRecords = httpContract({
  name: 'ListAuditRecords',
  service: 'audit',
  method: 'GET',
  path: '/v1/audit',
  summary: 'The audit trail. With `correlation`: one purchase, oldest first; otherwise newest first.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...pageQuery(isCursor),
    ...whichRecords,
  }),
  answer: pageOf(ApiAuditRecord),
});

export const VerifyAuditChain = httpContract({
  name: 'VerifyAuditChain',
  service: 'audit',
  method: 'GET',
  path: '/v1/audit/verify',
  summary: 'Recompute the chain and say up to where it holds.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({ from: inDigits(WholeNumber.min(1)).optional() }),
  answer: z.strictObject({
    valid: z.boolean(),
    checked: z.int().describe('Records checked in this call, and the last sequence that holds.'),
    verifiedUpTo: z.int(),
    head: z.string().nullable(),
    unsealed: z.int(),
    firstProblem: z.strictObject({ sequence: z.int(), recordId: z.string(), problem: z.string() }).nullable(),
    verifiedAt: Instant,
  }),
});

/** A file that a spreadsheet opens and a mail can carry; what is more goes into the next one. */
const EXPORTED_RECORDS_MAX = 10_000;

export const ExportAuditRecords = httpContract({
  name: 'ExportAuditRecords',
  service: 'audit',
  method: 'GET',
  path: '/v1/audit/export',
  summary:
    'The audit trail as a file, oldest first, with what each hash was made of. At most 10,000 records or 8 MiB: where there are more, the `Link` header with `rel="next"` names the next file. Exporting is recorded.',
  access: { anyOf: ['billing.read'] },
  audit: 'audit.exported',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...whichRecords,
    format: z
      .enum(['csv', 'ndjson'])
      .default('csv')
      .describe('`csv` for spreadsheets (RFC 4180, UTF-8), `ndjson` for programs: one JSON object a line.'),
    limit: inDigits(WholeNumber.min(1).max(EXPORTED_RECORDS_MAX).default(EXPORTED_RECORDS_MAX)).describe(
      'At most so many records.',
    ),
    after: pageQuery(isCursor).after,
  }),
  files: ['text/csv', 'application/x-ndjson'],
  answer: z.string(),
});

/** A line of the export as `ndjson`. */
export const ApiExportedAuditRecord = ApiAuditRecord.extend({
  payloadHash: z
    .string()
    .describe('SHA-256 of the payload as canonical JSON (RFC 8785); it stays when that is erased.'),
  prevHash: z.string().nullable().describe('The hash before it in the chain; null until sealed.'),
}).meta({ id: 'ExportedAuditRecord' });
