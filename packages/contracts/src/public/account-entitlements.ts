import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { MessageEntitlement, SubscriptionStatus } from '../messages/shared.ts';
import { ApiAccountId, idOf, Instant } from '../shapes.ts';

export const ApiEntitlementDocument = z
  .strictObject({
    accountId: ApiAccountId,
    productKey: z.string(),
    subscriptionId: idOf('sub'),
    planKey: z.string(),
    status: SubscriptionStatus,
    accessUntil: Instant.nullable(),
    entitlements: z.array(MessageEntitlement),
    revision: z.int(),
  })
  .meta({ id: 'EntitlementDocument' });

export const GetAccountEntitlements = httpContract({
  name: 'GetAccountEntitlements',
  service: 'subscription',
  method: 'GET',
  path: '/v1/accounts/:id/entitlements',
  summary: 'All entitlement documents of an account, from the source. The ETag is the highest revision.',
  access: { anyOf: ['entitlements.read', 'billing.read', 'own.read'] },
  audit: 'none',
  idempotency: 'none',
  etag: 'The highest revision.',
  rate: 'read',
  params: z.strictObject({ id: ApiAccountId }),
  answer: z.strictObject({ accountId: ApiAccountId, documents: z.array(ApiEntitlementDocument), asOf: Instant }),
});

export const GetAccountStatus = httpContract({
  name: 'GetAccountStatus',
  service: 'subscription',
  method: 'GET',
  path: '/v1/accounts/:id/status',
  summary: 'Which plans an account is on, in one line each.',
  access: { anyOf: ['entitlements.read', 'billing.read', 'own.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: ApiAccountId }),
  answer: z.strictObject({
    accountId: ApiAccountId,
    products: z.array(
      z.strictObject({
        productKey: z.string(),
        planKey: z.string(),
        status: SubscriptionStatus,
        accessUntil: Instant.nullable(),
      }),
    ),
    asOf: Instant,
  }),
});
