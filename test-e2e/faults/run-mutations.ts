import { type FaultOptions, harmed, told } from './fault.ts';
import { runMutated } from './mutated-copy.ts';
import { type Mutation, MUTATIONS } from './mutations.ts';

const OUTPUT_LINES_TOLD = 40;

/** Takes out one guard after the other. True when each was missed by a line that went red. */
export const runMutations = async (say: FaultOptions['say'], chosen: readonly string[]): Promise<boolean> => {
  const mutations = MUTATIONS.filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)));
  let caught = 0;
  for (const mutation of mutations) if (await isCaught(mutation, say)) caught += 1;
  say(JSON.stringify({ mutations: mutations.length, caught }));
  return mutations.length > 0 && caught === mutations.length;
};

/** A run that hurt nothing because nothing started has caught nothing either. */
const isCaught = async (mutation: Mutation, say: FaultOptions['say']): Promise<boolean> => {
  const { exit, sums, output } = await runMutated(mutation);
  const caught = exit !== 0 && sums !== null && sums.injected > 0 && harmed(sums);
  const [fault] = mutation.fault;
  say(
    `${caught ? 'caught' : 'MISSED'} by ${fault.padEnd(4)} without ${mutation.name}${sums === null ? '' : `: ${told(sums)}`}`,
  );
  const lines = output.trimEnd().split('\n');
  const shown = caught ? lines.filter((line) => RED.test(line)).slice(0, 2) : lines.slice(-OUTPUT_LINES_TOLD);
  for (const line of shown) say(`      ${line.trim()}`);
  return caught;
};

/** A line of the matrix with something other than 0 behind one of the harms. */
const RED = /seed \d+ {2}.*(lost|doubled|unbalanced|stuck) [1-9]/;
