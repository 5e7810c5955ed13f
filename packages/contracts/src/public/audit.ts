import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { Instant, pageOf, pageQuery } from '../shapes.ts';

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
    ...pageQuery((text) => /^[\w-]+$/.test(text)),
    correlation: z.string().max(200).optional(),
    subject: z.string().max(200).optional(),
    account: z.string().max(200).optional(),
    action: z.string().max(100).optional(),
    actor: z.string().max(200).optional(),
    result: z.enum(['succeeded', 'denied', 'failed']).optional(),
    from: Instant.optional(),
    to: Instant.optional(),
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
  query: z.strictObject({ from: z.coerce.number().int().min(1).optional() }),
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
