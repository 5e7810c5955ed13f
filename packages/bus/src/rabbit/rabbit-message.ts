import { type ConsumeMessage } from 'amqplib';

import { type ArrivedDeadLetter, type Delivery } from '../transport.ts';

/** What travels beside the body. Only these are written by us; others (`x-death`) are the broker's. */
export const HEADER = { attempt: 'x-attempt', reason: 'x-reason', diedAt: 'x-died-at' } as const;

/** A reason is for people; the header frame has a limit that a stack trace would meet. */
const REASON_CHARACTERS_MAX = 1_000;

export const fromRabbitMessage = ({ content, fields, properties }: ConsumeMessage): Delivery => {
  const messageId: unknown = properties.messageId;
  const type: unknown = properties.type;
  const attempt: unknown = properties.headers?.[HEADER.attempt];
  return {
    messageId: typeof messageId === 'string' ? messageId : null,
    type: typeof type === 'string' ? type : null,
    body: content,
    attempt: typeof attempt === 'number' && Number.isSafeInteger(attempt) && attempt >= 1 ? attempt : 1,
    redelivered: fields.redelivered,
  };
};

export const deadLetterHeaders = (attempt: number, reason: string) => ({
  [HEADER.attempt]: attempt,
  [HEADER.reason]: reason.slice(0, REASON_CHARACTERS_MAX),
  [HEADER.diedAt]: new Date().toISOString(),
});

export const toDeadLetter = (message: ConsumeMessage): ArrivedDeadLetter => {
  const { messageId, type, body, attempt } = fromRabbitMessage(message);
  const headers = message.properties.headers ?? {};
  const reason: unknown = headers[HEADER.reason];
  const diedAt: unknown = headers[HEADER.diedAt];
  return {
    messageId: messageId ?? `unnamed:${message.fields.deliveryTag}`,
    type: type ?? 'unknown',
    // Text columns cannot hold NUL, and a poison message may.
    body: body.toString('utf8').replaceAll('\0', '\uFFFD'),
    attempts: attempt,
    reason: typeof reason === 'string' ? reason : `broker: ${headers['x-first-death-reason'] ?? 'unknown'}`,
    diedAt: typeof diedAt === 'string' ? new Date(diedAt) : new Date(),
  };
};
