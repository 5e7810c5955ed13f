import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { toError } from '@quittance/kernel';
import { runAtEnd } from '@quittance/testkit';

import { add, type Fault, harmed, NOTHING, type Sums, told } from './fault.ts';
import { FAULTS } from './faults.ts';
import { runMutations } from './run-mutations.ts';

const USAGE = `Usage: pnpm test:faults [${FAULTS.map(({ id }) => id).join(' ')}] [--seed N | --seeds N] [--quick] [--first N]

${FAULTS.map(({ id, title }) => `  ${id.padEnd(9)}${title}`).join('\n')}

  --seed   which faults in which order (default 1)
  --seeds  every seed from 1 to N, one after the other
  --quick  a handful of each
  --first  no more than so many injections of each, where they are counted out
  --only   what has this in the name of its line (F1, F9, F10)

  --mutations [part of a name …]
           takes one guard after the other out of a copy of the source: each must turn a line red`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** With the seconds since it began: long runs are watched. */
const sayWithTime = (line: string): void => {
  say(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${line}`);
};

interface Selection {
  readonly faults: readonly Fault[];
  readonly seeds: readonly number[];
  readonly quick: boolean;
  readonly firstMax: number;
  readonly only: string | null;
}

const main = async (): Promise<boolean> => {
  const { values, positionals } = readArguments();
  const asked = positionals.filter((name) => name !== '--');
  if (values.mutations) return runMutations(say, asked);
  const selection = selectionFrom(values, asked);
  if (selection === null) {
    say(USAGE);
    return false;
  }
  let sums = NOTHING;
  let passed = 0;
  const runs = selection.faults.flatMap((fault) => selection.seeds.map((seed) => ({ fault, seed })));
  for (const { fault, seed } of runs) {
    const result = await runOne(fault, seed, selection);
    if (result.injected > 0 && !harmed(result)) passed += 1;
    sums = add(sums, result);
  }
  tellCounts({ passed, failed: runs.length - passed, pending: 0 });
  say(JSON.stringify(sums));
  return runs.length > 0 && passed === runs.length;
};

/** For the summary of `pnpm test`, which counts a fault and a seed as one test. */
const tellCounts = (counts: Readonly<Record<string, number>>): void => {
  const file = process.env['QUITTANCE_TEST_COUNTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
};

const runOne = async (fault: Fault, seed: number, { quick, firstMax, only }: Selection): Promise<Sums> => {
  const startedMs = performance.now();
  say('');
  sayWithTime(`${fault.id}  ${fault.title}`);
  const sums = await fault.run({ seed, quick, firstMax, only, say: sayWithTime }).catch((error: unknown): Sums => {
    say(`      ${toError(error).stack ?? toError(error).message}`);
    return { ...NOTHING, stuck: 1 };
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  sayWithTime(`${fault.id.padEnd(4)}${`in all, ${seconds} s`.padEnd(52)} seed ${seed}  ${told(sums)}`);
  if (sums.injected === 0) say('      nothing was injected, so nothing is shown');
  return sums;
};

const readArguments = () =>
  parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      first: { type: 'string', default: '1000000' },
      only: { type: 'string' },
      mutations: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });

/** Null: help was asked for, or something that is not there. */
const selectionFrom = (
  values: ReturnType<typeof readArguments>['values'],
  asked: readonly string[],
): Selection | null => {
  const unknown = asked.filter((name) => !FAULTS.some(({ id }) => id === name));
  if (unknown.length > 0) say(`There is no fault ${unknown.join(', ')} here.\n`);
  if (values.help || unknown.length > 0) return null;
  const seeds =
    values.seeds === undefined
      ? [Number(values.seed)]
      : Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
  return {
    faults: FAULTS.filter(({ id }) => asked.length === 0 || asked.includes(id)),
    seeds,
    quick: values.quick,
    firstMax: Number(values.first),
    only: values.only ?? null,
  };
};

try {
  const held = await main();
  await runAtEnd();
  process.exit(held ? 0 : 1);
} catch (error) {
  process.stderr.write(`${toError(error).stack}\n`);
  await runAtEnd();
  process.exit(1);
}
