import { availableParallelism, loadavg } from 'node:os';

/** What a bench found, as its last line says it. */
export interface Figure {
  readonly name: string;
  /** Of `ours` and `limit`. */
  readonly unit: string;
  readonly ours: number;
  /** What the same machine does bare, in the same run. */
  readonly limit: number;
  readonly ratio: number;
  readonly aim: number;
  /** What the aim is an aim for. */
  readonly aimFor: string;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Figures of a busy machine are worth little: each bench says how busy it was. */
export const sayLoad = (): void => {
  say(
    `  load average ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')} on ${availableParallelism()} cores`,
  );
};
