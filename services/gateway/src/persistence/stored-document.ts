import { isAccountId, must } from '@quittance/kernel';
import { z } from 'zod';

import { type EntitlementDocument } from '../domain/entitlement-document.ts';

/** The `document` column. Members may be added; what an older release wrote must stay readable. */
const StoredDocument = z.object({
  accountId: z.string(),
  productKey: z.string(),
  subscriptionId: z.string(),
  planKey: z.string(),
  status: z.enum(['draft', 'trialing', 'active', 'past_due', 'paused', 'suspended', 'cancelled', 'expired']),
  accessUntil: z.string().nullable(),
  entitlements: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('switch'), feature: z.string(), enabled: z.boolean() }),
      z.object({ kind: z.literal('limit'), feature: z.string(), limit: z.number() }),
      z.object({ kind: z.literal('unlimited'), feature: z.string() }),
      z.object({ kind: z.literal('level'), feature: z.string(), level: z.string() }),
    ]),
  ),
  revision: z.number(),
});

export const toStoredDocument = (document: EntitlementDocument): z.infer<typeof StoredDocument> => ({
  ...document,
  accessUntil: document.accessUntil?.toISOString() ?? null,
  entitlements: [...document.entitlements],
});

export const fromStoredDocument = (column: unknown): EntitlementDocument => {
  const stored = StoredDocument.parse(column);
  return {
    ...stored,
    accountId: must(isAccountId(stored.accountId) ? stored.accountId : null, 'account of an entitlement document'),
    accessUntil: stored.accessUntil === null ? null : new Date(stored.accessUntil),
  };
};
