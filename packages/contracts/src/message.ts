import { type Actor } from '@quittance/kernel';
import { z } from 'zod';

import { SERVICE_NAMES, type ServiceName } from './service-name.ts';

/** CloudEvents 1.0 in JSON, with our extension attributes (lower case by that specification). At most 64 KiB. */
export const Envelope = z.strictObject({
  specversion: z.literal('1.0'),
  /** Unique for ever. A command's id is derived from its intent, so that a retry is the same command. */
  id: z.string().min(1).max(200),
  source: z.enum(SERVICE_NAMES),
  type: z.string().min(1).max(100),
  /** The aggregate the message is about. */
  subject: z.string().min(1).max(200),
  /** Business time of the fact. */
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  /** Ties together all that one purchase caused. */
  correlationid: z.string().min(1).max(200),
  /** The request or message that caused this one. */
  causationid: z.string().min(1).max(200),
  actorkind: z.enum(['customer', 'operator', 'service', 'system', 'provider', 'anonymous']),
  actorid: z.string().min(1).max(200),
  /** Version of the aggregate in `data`; only grows: max(previous + 1, wall clock in ms). Commands carry 0. */
  version: z.int().nonnegative(),
  traceparent: z.string().max(100).optional(),
  /** Sent again by `republish`: the snapshot is current, the fact is not new. */
  replayed: z.literal(true).optional(),
  data: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;

export const MESSAGE_BYTES_MAX = 64 * 1024;

/** A message type as data: who sends it, who receives it, what it carries. */
export interface MessageDefinition<Data = unknown> {
  readonly kind: 'event' | 'command';
  readonly type: string;
  readonly summary: string;
  readonly producers: readonly ServiceName[];
  readonly consumers: readonly ServiceName[];
  readonly data: z.ZodType<Data>;
}

/** A message a service is about to send; the unit of work adds id, time, actor, correlation and trace. */
export interface OutgoingMessage {
  readonly definition: MessageDefinition;
  /** Given for commands (derived from the intent); events get a new one. */
  readonly id?: string;
  readonly subject: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A received message, parsed. */
export interface IncomingMessage<Data> {
  readonly id: string;
  readonly type: string;
  readonly source: ServiceName;
  readonly subject: string;
  readonly time: Date;
  readonly version: number;
  readonly correlationId: string;
  readonly actor: Actor;
  readonly replayed: boolean;
  readonly data: Data;
}

type NonEmpty<T> = readonly [T, ...T[]];

/** A fact: `<aggregate>.<past participle>.v<n>`. Without a consumer nothing is sent, so one is required. */
export const event = <Data extends Record<string, unknown>>(spec: {
  type: `${string}.v1` | `${string}.v2`;
  summary: string;
  producer: ServiceName;
  consumers: NonEmpty<ServiceName>;
  data: z.ZodType<Data>;
}): MessageDefinition<Data> => ({
  kind: 'event',
  type: spec.type,
  summary: spec.summary,
  producers: [spec.producer],
  consumers: spec.consumers,
  data: spec.data,
});

/** A request to one service for one thing: `<service>.<verb-object>`. Its outcome is an event that names it. */
export const command = <Data extends Record<string, unknown>>(spec: {
  type: `${ServiceName}.${string}`;
  summary: string;
  producers: NonEmpty<ServiceName>;
  consumer: ServiceName;
  data: z.ZodType<Data>;
}): MessageDefinition<Data> => ({
  kind: 'command',
  type: spec.type,
  summary: spec.summary,
  producers: spec.producers,
  consumers: [spec.consumer],
  data: spec.data,
});

/** `data` checked against its definition before it can leave: a wrong message is our bug and fails the commit. */
export const outgoing = <Data extends Record<string, unknown>>(
  definition: MessageDefinition<Data>,
  message: { readonly id?: string; readonly subject: string; readonly version?: number; readonly data: Data },
): OutgoingMessage => ({
  definition,
  ...(message.id === undefined ? {} : { id: message.id }),
  subject: message.subject,
  version: message.version ?? 0,
  data: definition.data.parse(message.data),
});
