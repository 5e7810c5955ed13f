import { type FaultOptions } from './fault.ts';
import { runMutated } from './mutated-copy.ts';
import { type Mutation, MUTATIONS } from './mutations.ts';

const OUTPUT_LINES_TOLD = 40;

/** Takes out one guard after the other. True when each made a line go red. */
export const runMutations = async (say: FaultOptions['say'], chosen: readonly string[]): Promise<boolean> => {
  const mutations = MUTATIONS.filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)));
  let caught = 0;
  for (const mutation of mutations) if (await isCaught(mutation, say)) caught += 1;
  say(JSON.stringify({ mutations: mutations.length, caught }));
  return mutations.length > 0 && caught === mutations.length;
};

/** Red is a line that hurt something and found harm: a run that could not start has caught nothing. */
const isCaught = async (mutation: Mutation, say: FaultOptions['say']): Promise<boolean> => {
  const { exit, output } = await runMutated(mutation);
  const lines = output.trimEnd().split('\n');
  const red = lines.filter((line) => RED.test(line));
  const caught = exit !== 0 && red.length > 0;
  const [fault] = mutation.fault;
  say(`${caught ? 'caught' : 'MISSED'} by ${fault.padEnd(4)} without ${mutation.name}`);
  for (const line of caught ? red.slice(0, 2) : lines.slice(-OUTPUT_LINES_TOLD)) say(`      ${line.trim()}`);
  return caught;
};

const RED = /injected [1-9]\d* .*(lost|doubled|unbalanced|stuck) [1-9]/;
