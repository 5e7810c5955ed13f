import { type Payload, type RecordCore } from './audit-record.ts';

/** Canonical JSON (RFC 8785) and SHA-256 in hexadecimal: the two things about hashing that the rules here are not. */
export interface Digest {
  canonical(value: unknown): string;
  sha256(text: string): string;
}

/** One link: record `recordId` is the `sequence`-th, after the record whose link's hash is `prevHash`. */
export interface Seal {
  readonly sequence: number;
  readonly recordId: string;
  readonly prevHash: string;
  readonly hash: string;
}

export interface Head {
  readonly sequence: number;
  readonly hash: string;
}

/** What the first record follows. */
export const GENESIS: Head = { sequence: 0, hash: '0'.repeat(64) };

export const payloadHash = (payload: Payload, digest: Digest): string => digest.sha256(digest.canonical(payload));

/**
 * sha256 of the previous hash, a line feed and the canonical record core. Changing, removing or reordering any sealed
 * record changes every hash after it.
 */
export const linkHash = (prevHash: string, record: RecordCore, digest: Digest): string =>
  digest.sha256(`${prevHash}\n${digest.canonical(canonicalCore(record))}`);

/** Numbers and links records in the given order. */
export const sealAll = (head: Head, records: readonly RecordCore[], digest: Digest): readonly Seal[] => {
  const seals: Seal[] = [];
  let last = head;
  for (const record of records) {
    const sequence = last.sequence + 1;
    const hash = linkHash(last.hash, record, digest);
    seals.push({ sequence, recordId: record.id, prevHash: last.hash, hash });
    last = { sequence, hash };
  }
  return seals;
};

/** Names and forms are fixed for ever: every sealed hash depends on them. A new field is left out where it is null. */
const canonicalCore = (record: RecordCore) => ({
  id: record.id,
  service: record.service,
  action: record.action,
  subject: { type: record.subject.type, id: record.subject.id },
  accountId: record.accountId,
  actor: { kind: record.actor.kind, id: record.actor.id },
  result: record.result,
  reason: record.reason,
  count: record.count,
  correlationId: record.correlationId,
  requestId: record.requestId,
  sourceIp: record.sourceIp,
  payloadHash: record.payloadHash,
  occurredAt: record.occurredAt.toISOString(),
  recordedAt: record.recordedAt.toISOString(),
});
