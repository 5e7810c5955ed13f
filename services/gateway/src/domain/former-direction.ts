/** What the former API asks for by its path. */
export type FormerDirection = 'upgrade' | 'downgrade';

export interface FormerStanding {
  /** Null for a plan that is not on sale any more. */
  readonly rank: number | null;
  readonly interval: string;
}

const CYCLES: readonly string[] = ['month', 'year'];

/**
 * Whether a wish goes the other way than its path says: by rank, and on one rank by how long is paid for at once. What
 * cannot be compared is not refused here; the subscription decides it as any other change.
 */
export const goesAgainst = (direction: FormerDirection, from: FormerStanding, to: FormerStanding): boolean => {
  const step = Math.sign(rankStep(from, to) || cycleStep(from, to));
  return direction === 'upgrade' ? step < 0 : step > 0;
};

const rankStep = (from: FormerStanding, to: FormerStanding): number =>
  from.rank === null || to.rank === null ? 0 : to.rank - from.rank;

const cycleStep = (from: FormerStanding, to: FormerStanding): number => {
  if (from.rank !== to.rank) return 0;
  const [before, after] = [CYCLES.indexOf(from.interval), CYCLES.indexOf(to.interval)];
  return before === -1 || after === -1 ? 0 : after - before;
};
