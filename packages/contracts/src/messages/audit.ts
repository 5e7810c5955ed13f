import { z } from 'zod';

import { command } from '../message.ts';
import { SERVICE_NAMES } from '../service-name.ts';
import { Instant } from '../shapes.ts';

/** One action, from the outbox of the service that did it. Id: the record's id, so it is stored once. */
export const RecordAction = command({
  type: 'audit.record-action',
  summary: 'Append one record to the audit trail.',
  producers: [...SERVICE_NAMES],
  consumer: 'audit',
  data: z.strictObject({
    recordId: z.string(),
    action: z.string(),
    subject: z.strictObject({ type: z.string(), id: z.string() }),
    accountId: z.string().nullable(),
    result: z.enum(['succeeded', 'denied', 'failed']),
    reason: z.string().nullable(),
    /** Business time. */
    occurredAt: Instant,
    requestId: z.string().nullable(),
    sourceIp: z.string().nullable(),
    /** How many like it this record stands for (aggregated denials). */
    count: z.int().positive(),
    /** Before and after; may hold personal data, so it is erasable and only its hash is in the chain. */
    payload: z.record(z.string(), z.unknown()),
  }),
});
