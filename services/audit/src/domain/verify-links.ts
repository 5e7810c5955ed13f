import { type Payload, type RecordCore } from './audit-record.ts';
import { type Digest, type Head, linkHash, payloadHash, type Seal } from './chain.ts';

/** A seal with what it should fit: null where the row is gone. */
export interface Link {
  readonly seal: Seal;
  readonly record: RecordCore | null;
  /** Null when erased: then only its hash is left, inside the record. */
  readonly payload: Payload | null;
}

export interface Problem {
  readonly sequence: number;
  readonly recordId: string;
  readonly problem: string;
}

export interface Verdict {
  /** The last link that holds. */
  readonly head: Head;
  readonly checked: number;
  readonly problem: Problem | null;
}

/** Recomputes links that follow `head`, in order of sequence, up to the first that does not hold. */
export const verifyLinks = (head: Head, links: readonly Link[], digest: Digest): Verdict => {
  let last = head;
  let checked = 0;
  for (const link of links) {
    checked += 1;
    const problem = problemOf(last, link, digest);
    if (problem !== null) {
      const { sequence, recordId } = link.seal;
      return { head: last, checked, problem: { sequence, recordId, problem } };
    }
    last = { sequence: link.seal.sequence, hash: link.seal.hash };
  }
  return { head: last, checked, problem: null };
};

const problemOf = (last: Head, { seal, record, payload }: Link, digest: Digest): string | null => {
  if (seal.sequence !== last.sequence + 1) {
    return `the chain has a gap: after ${last.sequence} comes ${seal.sequence}`;
  }
  if (seal.prevHash !== last.hash) return 'this seal does not follow the one before it';
  if (record === null) return 'the sealed record is gone';
  if (linkHash(seal.prevHash, record, digest) !== seal.hash) return 'the record is not what was sealed';
  if (payload !== null && payloadHash(payload, digest) !== record.payloadHash) {
    return 'the payload is not what was sealed';
  }
  return null;
};
