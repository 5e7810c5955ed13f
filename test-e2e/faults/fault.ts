/** What must never happen, told apart by how it would hurt. */
export type Harm = 'lost' | 'doubled' | 'unbalanced' | 'stuck';

export interface Violation {
  /** The invariant or line it broke: I5, L1, purchase. */
  readonly invariant: string;
  readonly harm: Harm;
  readonly what: string;
}

/** What one line of the matrix says: how often the world was hurt, and what came of it. */
export interface Sums extends Readonly<Record<Harm, number>> {
  readonly injected: number;
}

export interface FaultOptions {
  /** The same seed, the same faults in the same order. */
  readonly seed: number;
  /** A handful of each instead of all of them. */
  readonly quick: boolean;
  /** No more than so many injections, where they are counted out. */
  readonly firstMax: number;
  /** Kill places, troubles or harms by a part of their name; null: all. */
  readonly only: string | null;
  /** F1: every kind of message, action or route at each step, instead of one of them. */
  readonly everyKind: boolean;
  /** May stand on the ground that another fault of this run has left sound. */
  readonly share: boolean;
  readonly say: (line: string) => void;
}

/** One row of the fault matrix. It brings its own world and leaves nothing of it behind. */
export interface Fault {
  readonly id: `F${number}`;
  readonly title: string;
  /** How many seeds a whole run has. */
  readonly seeds: number;
  /** How often each of them hurts the world when nothing is left out, in the unit that the matrix counts in. */
  readonly planned: number;
  run(options: FaultOptions): Promise<Sums>;
}

export const NOTHING: Sums = { injected: 0, lost: 0, doubled: 0, unbalanced: 0, stuck: 0 };

export const add = (a: Sums, b: Sums): Sums => ({
  injected: a.injected + b.injected,
  lost: a.lost + b.lost,
  doubled: a.doubled + b.doubled,
  unbalanced: a.unbalanced + b.unbalanced,
  stuck: a.stuck + b.stuck,
});

export const sumsOf = (injected: number, violations: readonly Violation[]): Sums => {
  const count = (harm: Harm): number => violations.filter((violation) => violation.harm === harm).length;
  return {
    injected,
    lost: count('lost'),
    doubled: count('doubled'),
    unbalanced: count('unbalanced'),
    stuck: count('stuck'),
  };
};

export const harmed = ({ lost, doubled, unbalanced, stuck }: Sums): boolean => lost + doubled + unbalanced + stuck > 0;

export interface Line {
  readonly id: string;
  readonly what: string;
  readonly seed: number;
  readonly injected: number;
  /** How often it was to hurt the world. */
  readonly planned?: number;
}

/**
 * One line: the fault, what was hurt, the seed and the sums; below it every violation. A line that was to hurt the
 * world and did not is red: it has shown nothing.
 */
export const tell = (line: Line, found: readonly Violation[], say: FaultOptions['say']): Sums => {
  const { planned = 0 } = line;
  const idle: readonly Violation[] =
    planned > 0 && line.injected === 0
      ? [{ invariant: line.id, harm: 'stuck', what: `nothing of ${planned} was injected` }]
      : [];
  const violations = [...found, ...idle];
  const sums = sumsOf(line.injected, violations);
  say(`${line.id.padEnd(4)}${line.what.padEnd(52)} seed ${line.seed}  ${told(sums)}`);
  for (const { invariant, what } of violations.slice(0, VIOLATIONS_TOLD_MAX)) say(`      ${invariant}: ${what}`);
  if (violations.length > VIOLATIONS_TOLD_MAX) say(`      … and ${violations.length - VIOLATIONS_TOLD_MAX} more`);
  return sums;
};

const VIOLATIONS_TOLD_MAX = 20;

export const told = ({ injected, lost, doubled, unbalanced, stuck }: Sums): string =>
  `injected ${injected}  lost ${lost}  doubled ${doubled}  unbalanced ${unbalanced}  stuck ${stuck}`;
