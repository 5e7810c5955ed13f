import { assert } from '@quittance/kernel';

import { type OutboxEnvelope } from './build-envelope.ts';
import { type Statement } from './statement.ts';

/** The bus refuses larger messages; refused here, the commit fails instead of the relay. */
const MESSAGE_BYTES_MAX = 64 * 1024;

/**
 * One insert for all messages of a commit, in their order. A command that is already there stays the one it is, and is
 * not among what is returned.
 */
export const insertOutbox = (envelopes: readonly OutboxEnvelope[], createdAt: Date): Statement => {
  const bodies = envelopes.map((envelope) => JSON.stringify(envelope));
  for (const [index, body] of bodies.entries()) {
    const bytes = Buffer.byteLength(body);
    assert(
      bytes <= MESSAGE_BYTES_MAX,
      `message ${envelopes[index]?.type} has ${bytes} bytes, the limit is ${MESSAGE_BYTES_MAX}`,
    );
  }
  return {
    text: INSERT,
    values: [
      envelopes.map((envelope) => envelope.id),
      envelopes.map((envelope) => envelope.type),
      envelopes.map((envelope) => envelope.subject),
      bodies,
      createdAt.toISOString(),
    ],
  };
};

const INSERT = `
  INSERT INTO platform.outbox (message_id, type, subject, envelope, created_at)
  SELECT m.message_id, m.type, m.subject, m.envelope::jsonb, $5::text::timestamptz
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
    AS m (message_id, type, subject, envelope, place)
  ORDER BY m.place
  ON CONFLICT (message_id) DO NOTHING
  RETURNING message_id, position::text`;
