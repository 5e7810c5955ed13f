import { type Envelope, MESSAGE_BYTES_MAX, type MessageDefinition, type ServiceName } from '@quittance/contracts';

/** Who receives what, as the transports need it: made once from the message definitions. */
export interface Topology {
  /** Every service that consumes anything, in a fixed order. */
  readonly consumers: readonly ServiceName[];
  readonly consumersOf: (type: string) => readonly ServiceName[];
  readonly typesOf: (consumer: ServiceName) => readonly string[];
}

export const makeTopology = (messages: readonly MessageDefinition[]): Topology => {
  const consumersByType = new Map(messages.map((message) => [message.type, message.consumers]));
  const consumers = [...new Set(messages.flatMap((message) => message.consumers))].toSorted();
  return {
    consumers,
    consumersOf: (type) => consumersByType.get(type) ?? [],
    typesOf: (consumer) =>
      messages.filter((message) => message.consumers.includes(consumer)).map((message) => message.type),
  };
};

export interface OutboundMessage {
  readonly messageId: string;
  readonly type: string;
  readonly body: Buffer;
  readonly consumers: readonly ServiceName[];
}

/** The bytes and the receivers of an envelope; an Error when it is too large or nobody is listed as its consumer. */
export const toOutbound = (topology: Topology, envelope: Envelope): OutboundMessage | Error => {
  const consumers = topology.consumersOf(envelope.type);
  if (consumers.length === 0) return new Error(`unroutable: no service consumes ${envelope.type}`);
  const body = Buffer.from(JSON.stringify(envelope));
  if (body.byteLength > MESSAGE_BYTES_MAX) {
    return new Error(`${envelope.id} has ${body.byteLength} bytes, at most ${MESSAGE_BYTES_MAX} may be sent`);
  }
  return { messageId: envelope.id, type: envelope.type, body, consumers };
};
