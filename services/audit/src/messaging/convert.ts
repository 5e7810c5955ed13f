import { type IncomingMessage, type RecordAction } from '@quittance/contracts';
import { type z } from 'zod';

import { type Action } from '../domain/audit-record.ts';

/** Actor and correlation come from the envelope: they are the operation's that did it. */
export const fromCommandRecordAction = (message: IncomingMessage<z.output<typeof RecordAction.data>>): Action => {
  const { recordId, occurredAt, ...action } = message.data;
  return {
    ...action,
    id: recordId,
    service: message.source,
    actor: message.actor,
    correlationId: message.correlationId,
    occurredAt: new Date(occurredAt),
  };
};
