import { type Harm, type Violation } from '../fault.ts';
import { type Truths } from '../truths.ts';

export type Check = (truths: Truths) => Promise<readonly Violation[]>;

export const violation = (invariant: string, harm: Harm, what: string): Violation => ({ invariant, harm, what });

export const countBy = (keys: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

/** Every key of `truth` as often in `ours`, and none that `truth` does not know. */
export const compare = (
  invariant: string,
  truth: ReadonlyMap<string, number>,
  ours: ReadonlyMap<string, number>,
): readonly Violation[] => {
  const violations: Violation[] = [];
  for (const [key, count] of truth) {
    const got = ours.get(key) ?? 0;
    if (got < count) violations.push(violation(invariant, 'lost', `${key}: ${got} of ${count}`));
    if (got > count) violations.push(violation(invariant, 'doubled', `${key}: ${got} instead of ${count}`));
  }
  for (const key of ours.keys()) {
    if (!truth.has(key)) violations.push(violation(invariant, 'doubled', `${key} is in ours alone`));
  }
  return violations;
};
