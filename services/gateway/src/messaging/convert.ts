import { type EntitlementsChanged, type OutgoingMessage, outgoing, RecordAction } from '@quittance/contracts';
import { assertNever } from '@quittance/kernel';
import { type z } from 'zod';

import { type EntitlementDocument } from '../domain/entitlement-document.ts';
import { type GatewayMessage } from '../domain/messages.ts';

export const fromEventEntitlementsChanged = (
  data: z.infer<(typeof EntitlementsChanged)['data']>,
  revision: number,
): EntitlementDocument => ({
  accountId: data.accountId,
  productKey: data.productKey,
  subscriptionId: data.subscriptionId,
  planKey: data.planKey,
  status: data.status,
  accessUntil: data.accessUntil === null ? null : new Date(data.accessUntil),
  entitlements: data.entitlements,
  revision,
});

export const toOutgoingMessage = (message: GatewayMessage): OutgoingMessage => {
  switch (message.type) {
    case 'access_denied':
      return toRecord(message.recordId, message.denial.route.name, {
        action: 'access.denied',
        subject: { type: 'route', id: message.denial.route.name },
        accountId: message.denial.accountId,
        reason: message.denial.reason,
        occurredAt: message.denial.at.toISOString(),
        requestId: message.denial.requestId,
        sourceIp: message.denial.ip,
        count: 1,
        payload: { code: message.denial.code, method: message.denial.route.method, path: message.denial.route.path },
      });
    case 'denials_counted':
      return toRecord(message.recordId, message.counted.networkPrefix, {
        action: 'access.denied',
        subject: { type: 'network', id: message.counted.networkPrefix },
        accountId: null,
        reason: message.counted.reason,
        occurredAt: message.counted.at.toISOString(),
        requestId: null,
        sourceIp: null,
        count: message.counted.count,
        payload: { minute: message.counted.minute.toISOString() },
      });
    default:
      return assertNever(message);
  }
};

type Told = Omit<z.infer<(typeof RecordAction)['data']>, 'recordId' | 'result'>;

const toRecord = (recordId: string, subject: string, told: Told): OutgoingMessage =>
  outgoing(RecordAction, { id: recordId, subject, data: { ...told, recordId, result: 'denied' } });
