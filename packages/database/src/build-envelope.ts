import { assert, type Actor, type AuditEntry, type NewId } from '@quittance/kernel';
import { type Operation } from '@quittance/runtime';

/** A message as a service's converter hands it over: contracts' `OutgoingMessage`, told without importing it. */
export interface OutgoingMessageLike {
  readonly definition: { readonly type: string };
  readonly id?: string;
  readonly subject: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** CloudEvents 1.0 as it is stored in the outbox and sent; contracts' `Envelope` parses it. */
export interface OutboxEnvelope {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly correlationid: string;
  readonly causationid: string;
  readonly actorkind: Actor['kind'];
  readonly actorid: string;
  readonly version: number;
  readonly traceparent?: string;
  readonly replayed?: true;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EnvelopeFacts {
  readonly service: string;
  readonly operation: Operation;
  readonly correlationId: string;
  /** Business time of the fact. */
  readonly occurredAt: Date;
  readonly replayed: boolean;
  readonly newId: NewId;
}

/** Throws AssertionFailed for a message no consumer could accept: it must fail the commit, not block the relay. */
export const buildEnvelope = (message: OutgoingMessageLike, facts: EnvelopeFacts): OutboxEnvelope => {
  const { operation } = facts;
  const envelope: OutboxEnvelope = {
    specversion: '1.0',
    id: message.id ?? facts.newId('evt'),
    source: facts.service,
    type: message.definition.type,
    subject: message.subject,
    time: facts.occurredAt.toISOString(),
    datacontenttype: 'application/json',
    correlationid: facts.correlationId,
    causationid: operation.id,
    actorkind: operation.actor.kind,
    actorid: operation.actor.id,
    version: message.version,
    ...(operation.traceparent === null ? {} : { traceparent: operation.traceparent }),
    ...(facts.replayed ? { replayed: true } : {}),
    data: message.data,
  };
  const texts = [envelope.id, envelope.subject, envelope.correlationid, envelope.causationid, envelope.actorid];
  const fits = texts.every((text) => text.length >= 1 && text.length <= 200);
  assert(fits, `message ${envelope.type} ${envelope.id}: an attribute is empty or longer than 200 characters`);
  assert(
    Number.isSafeInteger(envelope.version) && envelope.version >= 0,
    `message ${envelope.type}: version out of range`,
  );
  return envelope;
};

/** One audit entry as the command that carries it; the record's id is the message's id, so it is stored once. */
export const auditMessage = (entry: AuditEntry, facts: EnvelopeFacts): OutgoingMessageLike => {
  const recordId = facts.newId('aud');
  return {
    definition: { type: 'audit.record-action' },
    id: recordId,
    subject: entry.subject.id,
    version: 0,
    data: {
      recordId,
      action: entry.action,
      subject: entry.subject,
      accountId: entry.accountId,
      result: entry.result ?? 'succeeded',
      reason: entry.reason ?? null,
      occurredAt: facts.occurredAt.toISOString(),
      requestId: facts.operation.requestId,
      sourceIp: facts.operation.sourceIp,
      count: entry.count ?? 1,
      payload: {
        ...(entry.before === undefined ? {} : { before: entry.before }),
        ...(entry.after === undefined ? {} : { after: entry.after }),
      },
    },
  };
};
