import { parseArgs } from 'node:util';

import { toError } from '@quittance/kernel';
import { runAtEnd } from '@quittance/testkit';

import { add, type Fault, harmed, NOTHING, type Sums, told } from './fault.ts';
import { FAULTS } from './faults.ts';

const USAGE = `Usage: pnpm test:faults [${FAULTS.map(({ id }) => id).join(' ')}] [--seed N | --seeds N] [--quick] [--first N]

${FAULTS.map(({ id, title }) => `  ${id.padEnd(9)}${title}`).join('\n')}

  --seed   which faults in which order (default 1)
  --seeds  every seed from 1 to N, one after the other
  --quick  a handful of each
  --first  no more than so many injections of each, where they are counted out`;

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
}

const main = async (): Promise<boolean> => {
  const selection = readSelection();
  if (selection === null) {
    say(USAGE);
    return false;
  }
  let sums = NOTHING;
  let idle = false;
  for (const fault of selection.faults) {
    for (const seed of selection.seeds) {
      const result = await runOne(fault, seed, selection);
      idle ||= result.injected === 0;
      sums = add(sums, result);
    }
  }
  say(JSON.stringify(sums));
  return !harmed(sums) && !idle && sums.injected > 0;
};

const runOne = async (fault: Fault, seed: number, { quick, firstMax }: Selection): Promise<Sums> => {
  const startedMs = performance.now();
  say('');
  sayWithTime(`${fault.id}  ${fault.title}`);
  const sums = await fault.run({ seed, quick, firstMax, say: sayWithTime }).catch((error: unknown): Sums => {
    say(`      ${toError(error).stack ?? toError(error).message}`);
    return { ...NOTHING, stuck: 1 };
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  sayWithTime(`${fault.id.padEnd(4)}${`in all, ${seconds} s`.padEnd(52)} seed ${seed}  ${told(sums)}`);
  if (sums.injected === 0) say('      nothing was injected, so nothing is shown');
  return sums;
};

/** Null: help was asked for, or something that is not there. */
const readSelection = (): Selection | null => {
  const { values, positionals } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      first: { type: 'string', default: '1000000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  const asked = positionals.filter((name) => name !== '--');
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
