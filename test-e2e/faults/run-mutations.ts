import { type FaultOptions } from './fault.ts';
import { type FaultRun, runMutated, runUnchanged } from './mutated-copy.ts';
import { type Mutation, MUTATIONS } from './mutations.ts';

const OUTPUT_LINES_TOLD = 40;

/**
 * Takes out one guard after the other. True when the fault that needs it was green before and then found the very harm
 * that the guard keeps away.
 */
export const runMutations = async (say: FaultOptions['say'], chosen: readonly string[]): Promise<boolean> => {
  const mutations = MUTATIONS.filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)));
  const controls = new Map<string, boolean>();
  let caught = 0;
  for (const mutation of mutations) {
    const command = mutation.fault.join(' ');
    const isGreen = controls.get(command) ?? tellControl(await runUnchanged(mutation.fault), command, say);
    controls.set(command, isGreen);
    if (isGreen && tellMutation(await runMutated(mutation), mutation, say)) caught += 1;
  }
  say(JSON.stringify({ mutations: mutations.length, caught }));
  return mutations.length > 0 && caught === mutations.length;
};

const tellControl = ({ exit, output }: FaultRun, command: string, say: FaultOptions['say']): boolean => {
  say(`${exit === 0 ? 'green' : 'RED'} with every guard: ${command}`);
  if (exit !== 0) tellLines(output, say);
  return exit === 0;
};

const tellMutation = (run: FaultRun, { name, fault, expected }: Mutation, say: FaultOptions['say']): boolean => {
  const caught = isCaught(run, expected);
  say(
    `${caught ? 'caught' : 'MISSED'} by ${fault[0].padEnd(4)} without ${name}: ${expected.harm}, ${expected.invariant}`,
  );
  if (caught) for (const line of redLines(run.output).slice(0, 2)) say(`      ${line.trim()}`);
  else tellLines(run.output, say);
  return caught;
};

const tellLines = (output: string, say: FaultOptions['say']): void => {
  for (const line of output.trimEnd().split('\n').slice(-OUTPUT_LINES_TOLD)) say(`      ${line.trimEnd()}`);
};

/** A line with the expected harm, and below it, before the next line, the expected invariant. */
export const isCaught = ({ exit, output }: FaultRun, { harm, invariant }: Mutation['expected']): boolean => {
  if (exit === null || exit === 0) return false;
  let isHarmed = false;
  for (const line of output.split('\n')) {
    if (SUMS.test(line)) isHarmed = new RegExp(`${harm} [1-9]`).test(line);
    else if (isHarmed && new RegExp(`^\\s*(?:\\d+ s)?\\s+${invariant}\\b`).test(line)) return true;
  }
  return false;
};

const SUMS = /injected \d+ {2}lost \d+ {2}doubled \d+ {2}unbalanced \d+ {2}stuck \d+/;

const redLines = (output: string): readonly string[] =>
  output.split('\n').filter((line) => SUMS.test(line) && /(lost|doubled|unbalanced|stuck) [1-9]/.test(line));
