import { Envelope, type IncomingMessage, MESSAGE_BYTES_MAX } from '@quittance/contracts';

import { type Binding, type ValidHandling } from './binding.ts';
import { type Delivery } from './transport.ts';

export interface ValidDelivery {
  readonly valid: true;
  readonly envelope: Envelope;
  readonly binding: Binding;
  readonly handling: ValidHandling;
}

export type ParsedDelivery = ValidDelivery | { readonly valid: false; readonly reason: string };

/** Bytes → envelope → this service's binding → typed data. Whatever does not fit will never fit: it is a dead letter. */
export const parseDelivery = (delivery: Delivery, bindings: ReadonlyMap<string, Binding>): ParsedDelivery => {
  if (delivery.body.byteLength > MESSAGE_BYTES_MAX) {
    return invalid(`too large: ${delivery.body.byteLength} bytes, at most ${MESSAGE_BYTES_MAX}`);
  }
  const json = parseJson(delivery.body);
  if (json === undefined) return invalid('not JSON in UTF-8');
  const parsed = Envelope.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return invalid(`not our CloudEvents envelope: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const envelope = parsed.data;
  const binding = bindings.get(envelope.type);
  if (binding === undefined) return invalid(`this service does not handle ${envelope.type}`);
  if (!binding.definition.producers.includes(envelope.source)) {
    return invalid(`${envelope.source} is not a producer of ${envelope.type}`);
  }
  const prepared = binding.prepare(toIncomingMessage(envelope));
  return prepared.valid ? { valid: true, envelope, binding, handling: prepared } : invalid(prepared.reason);
};

const invalid = (reason: string): ParsedDelivery => ({ valid: false, reason });

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    return undefined;
  }
};

const toIncomingMessage = (envelope: Envelope): IncomingMessage<unknown> => ({
  id: envelope.id,
  type: envelope.type,
  source: envelope.source,
  subject: envelope.subject,
  time: new Date(envelope.time),
  version: envelope.version,
  correlationId: envelope.correlationid,
  actor: { kind: envelope.actorkind, id: envelope.actorid },
  replayed: envelope.replayed === true,
  data: envelope.data,
});
