import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { ApiAttentionItem, ApiDeadLetter } from '../public/operations.ts';
import { type ServiceName } from '../service-name.ts';

/** The routes every service has for the gateway's merged lists. Not reachable from outside. */
export const operationsContracts = (service: ServiceName) => ({
  attention: httpContract({
    name: `ListAttentionOf:${service}`,
    service,
    method: 'GET',
    path: '/internal/attention',
    summary: 'Work of this service that waits for a person.',
    access: { anyOf: ['billing.read'] },
    audit: 'none',
    idempotency: 'none',
    rate: 'read',
    answer: z.strictObject({ data: z.array(ApiAttentionItem) }),
  }),
  deadLetters: httpContract({
    name: `ListDeadLettersOf:${service}`,
    service,
    method: 'GET',
    path: '/internal/dead-letters',
    summary: 'Messages this service could not handle, not yet replayed.',
    access: { anyOf: ['billing.read'] },
    audit: 'none',
    idempotency: 'none',
    rate: 'read',
    answer: z.strictObject({ data: z.array(ApiDeadLetter) }),
  }),
  replay: httpContract({
    name: `ReplayDeadLetterOf:${service}`,
    service,
    method: 'POST',
    path: '/internal/dead-letters/:id/replay',
    summary: 'Put a dead letter back on this service’s queue.',
    access: { anyOf: ['billing.write'] },
    audit: 'dead_letter.replayed',
    idempotency: 'none',
    rate: 'write',
    params: z.strictObject({ id: z.string().min(1).max(64) }),
    answer: ApiDeadLetter,
  }),
});
