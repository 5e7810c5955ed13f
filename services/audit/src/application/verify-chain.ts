import { type WallClock } from '@quittance/kernel';

import { type Digest, GENESIS, type Head } from '../domain/chain.ts';
import { auditFail } from '../domain/errors.ts';
import { type Problem, type Verdict, verifyLinks } from '../domain/verify-links.ts';
import { type Chain } from './ports.ts';

export interface Verification {
  readonly verdict: Verdict;
  /** Records that wait for their seal longer than sealing takes. */
  readonly unsealed: number;
  readonly verifiedAt: Date;
}

/**
 * Recomputes the chain from sequence `from`, at most 100,000 links in one call; `verdict.head` says up to where.
 *
 * @throws `audit.beyond_the_chain`
 */
export type VerifyChain = (from: number) => Promise<Verification>;

const BATCH = 1000;
const LINKS_MAX = 100_000;
const SEALED_WITHIN_MS = 2000;

export const makeVerifyChain = (deps: {
  readonly chain: Chain;
  readonly digest: Digest;
  readonly wallClock: WallClock;
}): VerifyChain => {
  const { chain, digest, wallClock } = deps;

  const walk = async (start: Head): Promise<Verdict> => {
    let verdict: Verdict = { head: start, checked: 0, problem: null };
    while (verdict.problem === null && verdict.checked < LINKS_MAX) {
      const links = await chain.linksAfter(verdict.head.sequence, BATCH);
      if (links.length === 0) break;
      const next = verifyLinks(verdict.head, links, digest);
      verdict = { ...next, checked: verdict.checked + next.checked };
    }
    return verdict;
  };

  return async (from) => {
    const start = from === 1 ? GENESIS : await chain.headAt(from - 1);
    if (start === null) await refuseBeyond(chain, from);
    const verdict = start === null ? { head: GENESIS, checked: 0, problem: noStart(from - 1) } : await walk(start);
    const nowMs = wallClock.nowMs();
    const unsealed = await chain.countUnsealed(new Date(nowMs - SEALED_WITHIN_MS));
    return { verdict, unsealed, verifiedAt: new Date(nowMs) };
  };
};

/** A link that is missing within the chain is an incident; one that was never there is a wrong question. */
const refuseBeyond = async (chain: Chain, from: number): Promise<void> => {
  const head = await chain.length();
  if (from - 1 <= head) return;
  throw auditFail(
    'audit.beyond_the_chain',
    `The chain has ${head} links: there is no link ${from - 1} to go on from.`,
    {
      details: { head },
    },
  );
};

const noStart = (sequence: number): Problem => ({
  sequence,
  recordId: '',
  problem: 'there is no seal with this number to start from',
});
