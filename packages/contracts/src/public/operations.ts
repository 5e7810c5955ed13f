import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { SERVICE_NAMES } from '../service-name.ts';
import { Instant } from '../shapes.ts';

export const ApiAttentionItem = z
  .strictObject({
    id: z.string(),
    service: z.enum(SERVICE_NAMES),
    code: z.string().describe('Stable code of what is wrong, e.g. `payments_card.outcome_unknown`.'),
    message: z.string().describe('What happened, and what a person should do about it.'),
    subject: z.strictObject({ type: z.string(), id: z.string() }),
    accountId: z.string().nullable(),
    correlationId: z.string().nullable(),
    since: Instant,
  })
  .meta({ id: 'AttentionItem', description: 'Work that waits for a person.' });

export const ApiDeadLetter = z
  .strictObject({
    id: z.string(),
    service: z.enum(SERVICE_NAMES),
    messageId: z.string(),
    type: z.string(),
    attempts: z.int(),
    reason: z.string(),
    diedAt: Instant,
    replayedAt: Instant.nullable(),
  })
  .meta({ id: 'DeadLetter' });

/** A service that could not be asked is named, so that an empty list is never a false one. */
const merged = <Item>(item: z.ZodType<Item>) =>
  z.strictObject({ data: z.array(item), unreachable: z.array(z.enum(SERVICE_NAMES)) });

export const ListAttention = httpContract({
  name: 'ListAttention',
  service: 'gateway',
  method: 'GET',
  path: '/v1/attention',
  summary: 'Everything that waits for a person, of every service.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  answer: merged(ApiAttentionItem),
});

export const ListDeadLetters = httpContract({
  name: 'ListDeadLetters',
  service: 'gateway',
  method: 'GET',
  path: '/v1/dead-letters',
  summary: 'Messages that no attempt could handle, of every service, not yet replayed.',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  answer: merged(ApiDeadLetter),
});

export const ReplayDeadLetter = httpContract({
  name: 'ReplayDeadLetter',
  service: 'gateway',
  method: 'POST',
  path: '/v1/dead-letters/:service/:id/replay',
  summary: 'Put a dead letter back on its service’s queue.',
  access: { anyOf: ['billing.write'] },
  audit: 'dead_letter.replayed',
  idempotency: 'none',
  rate: 'write',
  params: z.strictObject({ service: z.enum(SERVICE_NAMES), id: z.string().min(1).max(64) }),
  answer: ApiDeadLetter,
});
