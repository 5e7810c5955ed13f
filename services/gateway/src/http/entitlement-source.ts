import { type ApiEntitlementDocument, GetAccountEntitlements } from '@quittance/contracts';
import { type Principal } from '@quittance/kernel';
import { type z } from 'zod';

import { type CallService, type EntitlementSource } from '../application/index.ts';
import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { callContract } from './call-contract.ts';

/** Who the gateway is when it asks for itself. */
const GATEWAY: Principal = {
  kind: 'service',
  subject: 'gateway',
  accountId: null,
  permissions: new Set(['entitlements.read']),
};

export const makeEntitlementSource = (callService: CallService): EntitlementSource => ({
  documentsOf: async (accountId) => {
    const call = { principal: GATEWAY, requestId: null, params: { id: accountId } };
    const { documents } = await callContract(callService, GetAccountEntitlements, call);
    return documents.map(fromApiEntitlementDocument);
  },
});

const fromApiEntitlementDocument = (document: z.infer<typeof ApiEntitlementDocument>): EntitlementDocument => ({
  ...document,
  accessUntil: document.accessUntil === null ? null : new Date(document.accessUntil),
});
