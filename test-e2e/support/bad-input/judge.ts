import { expect } from 'chai';

import { type Ground } from './ground.ts';
import { changesBetween } from './stored.ts';

/** What a suite of bad input must be able to say after each of its tests. */
export interface Judge {
  /** Every answer so far was as it had to be. */
  readonly nothingToComplain: (asked: number) => void;
  /** Everything is stored as it was, word for word; only records of denials came, and parts that `but` matches. */
  readonly nothingStored: (but?: RegExp) => Promise<void>;
  /** What has been stored meanwhile was meant to be. */
  readonly noteStored: () => Promise<void>;
  /** The line that fault runs read. */
  readonly report: (seed: number) => void;
}

export const makeJudge = async (ground: Ground): Promise<Judge> => {
  let before = await ground.settled();
  let cases = 0;
  return {
    nothingToComplain: (asked) => {
      cases += asked;
      const complaints = ground.takeComplaints();
      expect(worstFirst(complaints).slice(0, 25), `${complaints.length} of ${asked}`).to.deep.equal([]);
    },
    nothingStored: async (but) => {
      const changes = changesBetween(before, await ground.settled());
      expect(changes.filter((change) => but?.test(change) !== true)).to.deep.equal([]);
    },
    noteStored: async () => {
      before = await ground.settled();
    },
    report: (seed) => {
      process.stdout.write(`    ${cases} cases, ${ground.sent()} requests, seed ${seed}\n`);
    },
  };
};

/** What broke before what was merely refused in other words. */
const worstFirst = (complaints: readonly string[]): readonly string[] =>
  complaints.toSorted((left, right) => Number(/answered 5/.test(right)) - Number(/answered 5/.test(left)));
