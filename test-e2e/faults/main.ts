import { writeFileSync } from 'node:fs';

import { assertNever, toError } from '@quittance/kernel';
import { runAtEnd } from '@quittance/testkit';

import { add, type Fault, harmed, NOTHING, type Sums, told } from './fault.ts';
import { FAULTS } from './faults.ts';
import { runMutations } from './run-mutations.ts';
import { type Selection, selectionFrom } from './selection.ts';

const USAGE = `Usage: pnpm test:faults [${FAULTS.map(({ id }) => id).join(' ')}] [--seed N | --seeds N] [--quick] [--first N] [--only PART] [--kinds]

${FAULTS.map(({ id, title }) => `  ${id.padEnd(9)}${title}`).join('\n')}

  --seed   which faults in which order: this seed alone (default: as many seeds as the matrix asks for)
  --seeds  every seed from 1 to N, one after the other
  --quick  a handful of each, with one seed
  --first  no more than so many injections of each, where they are counted out; of F1, so many runs of each flow
  --only   what has this in the name of its line (F1, F9, F10)
  --kinds  of F1: at each step every kind of message, action and route, instead of one of them a seed

  --mutations [part of a name …]
           takes one guard after the other out of a copy of the source: each must turn a line red`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** With the seconds since it began: long runs are watched. */
const sayWithTime = (line: string): void => {
  say(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${line}`);
};

/** Of everything so far. */
let sums = NOTHING;
let isBrokenOff = false;

const main = async (): Promise<boolean> => {
  const asked = selectionFrom(process.argv.slice(2), FAULTS);
  switch (asked.kind) {
    case 'mutations':
      return runMutations(say, asked.names);
    case 'run':
      return run(asked.selection);
    case 'refused':
      say(asked.why);
      return false;
    case 'help':
      say(USAGE);
      return true;
    default:
      return assertNever(asked);
  }
};

const run = async (selection: Selection): Promise<boolean> => {
  sayTheSumsAtTheEnd();
  let passed = 0;
  for (const { fault, seed } of selection.runs) {
    if (isBrokenOff) return false;
    const result = await runOne(fault, seed, selection);
    if (!harmed(result)) passed += 1;
    sums = add(sums, result);
  }
  tellCounts({ passed, failed: selection.runs.length - passed, pending: 0 });
  return passed === selection.runs.length;
};

/** The last line of all, whatever ends the run: a machine reads it. */
const sayTheSumsAtTheEnd = (): void => {
  process.once('exit', () => say(JSON.stringify(sums)));
};

/** For the summary of `pnpm test`, which counts a fault and a seed as one test. */
const tellCounts = (counts: Readonly<Record<string, number>>): void => {
  const file = process.env['QUITTANCE_TEST_COUNTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
};

const runOne = async (fault: Fault, seed: number, { quick, firstMax, only, everyKind }: Selection): Promise<Sums> => {
  const startedMs = performance.now();
  say('');
  sayWithTime(`${fault.id}  ${fault.title}`);
  const found = await fault
    .run({ seed, quick, firstMax, only, everyKind, share: quick, say: sayWithTime })
    .catch((error: unknown): Sums => {
      say(`      ${toError(error).stack ?? toError(error).message}`);
      return { ...NOTHING, stuck: 1 };
    });
  const idle = found.injected === 0 && !harmed(found);
  if (idle) say('      nothing was injected, so nothing is shown');
  const result = idle ? { ...found, stuck: 1 } : found;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  sayWithTime(`${fault.id.padEnd(4)}${`in all, ${seconds} s`.padEnd(52)} seed ${seed}  ${told(result)}`);
  return result;
};

/** Broken off, nothing is shown, and what is under way counts as stuck. */
const breakOff = async (why: string): Promise<never> => {
  process.stderr.write(`${why}\n`);
  isBrokenOff = true;
  sums = add(sums, { ...NOTHING, stuck: 1 });
  await runAtEnd().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  process.exit(1);
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void breakOff(`Broken off by ${signal}.`));
}
process.once('uncaughtException', (error) => void breakOff(toError(error).stack ?? String(error)));

try {
  const held = await main();
  await runAtEnd();
  process.exit(held ? 0 : 1);
} catch (error) {
  await breakOff(toError(error).stack ?? String(error));
}
