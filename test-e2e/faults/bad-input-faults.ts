import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { z } from 'zod';

import { type Fault, type FaultOptions, type Harm, type Sums, tell, type Violation } from './fault.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DEADLINE_MS = 90 * 60_000;

/** Rows of the matrix that hurt no machine: strangers at the door, by the suites that journeys run as well. */
interface BadInput {
  readonly id: Fault['id'];
  readonly title: string;
  readonly suite: 'bad-input' | 'bad-tokens' | 'foreign-accounts';
  /** Which of its tests, by what their names have in them; null: all. */
  readonly tests: readonly string[] | null;
  /** What it would be if one of them got through. */
  readonly harm: Harm;
  /** The least that a whole run asks. */
  readonly planned: number;
}

const LEFT_NOTHING = ['left nothing', 'left every card number', 'made nobody look at a log'];

const ROWS: readonly BadInput[] = [
  {
    id: 'F17',
    title: 'webhooks forged, stale, early or changed: vectors and mutations',
    suite: 'bad-input',
    tests: ['is no webhook', 'is kept without its card numbers', 'left nothing', 'left every card number'],
    harm: 'doubled',
    planned: 10_060,
  },
  {
    id: 'F18',
    title: 'tokens forged, expired, of others; rotated keys, random key ids, key set down',
    suite: 'bad-tokens',
    tests: null,
    harm: 'lost',
    planned: 10_550,
  },
  {
    id: 'F19',
    title: 'every route, id and role across accounts, at the door and behind it',
    suite: 'foreign-accounts',
    tests: null,
    harm: 'lost',
    planned: 1_000,
  },
  {
    id: 'F20',
    title: 'fields that are not the caller’s to set, and everything else no contract takes, on every route',
    suite: 'bad-input',
    tests: ['is refused by every contract in documented words', ...LEFT_NOTHING],
    harm: 'unbalanced',
    planned: 1_000,
  },
  {
    id: 'F22',
    title: 'random bad input, guided by each route’s schema',
    suite: 'bad-input',
    tests: ['is refused by every contract when it is random too', ...LEFT_NOTHING],
    harm: 'unbalanced',
    planned: 100_000,
  },
];

const toFault = (row: BadInput): Fault => ({
  id: row.id,
  title: row.title,
  seeds: 1,
  planned: row.planned,
  run: (options) => runSuite(row, options),
});

const runSuite = async (row: BadInput, options: FaultOptions): Promise<Sums> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-bad-input-'));
  try {
    const { output, report } = await runMocha(row, { file: join(folder, 'report.json'), options });
    const injected = Number(/(\d+) cases, \d+ requests/.exec(output)?.[1] ?? 0);
    const violations = [...violationsIn(row, report), ...tooFew(row, injected, options)];
    const { planned } = row;
    const what = `${report?.stats.passes ?? 0} tests of ${row.suite} passed`;
    return tell({ id: row.id, what, seed: options.seed, injected, planned }, violations, options.say);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const Report = z.object({
  stats: z.object({ passes: z.int(), failures: z.int() }),
  failures: z.array(z.object({ title: z.string(), err: z.object({ message: z.string().optional() }) })),
});
type Report = z.infer<typeof Report>;

const violationsIn = ({ id, harm }: BadInput, report: Report | null): readonly Violation[] => {
  if (report === null) return [{ invariant: id, harm: 'stuck', what: 'the suite came to no end' }];
  if (report.stats.passes + report.stats.failures === 0) return [{ invariant: id, harm: 'stuck', what: 'ran no test' }];
  return report.failures.map(({ title, err }) => ({ invariant: id, harm, what: `${title}: ${err.message ?? ''}` }));
};

const tooFew = ({ id, planned }: BadInput, injected: number, { quick }: FaultOptions): readonly Violation[] =>
  quick || injected >= planned
    ? []
    : [{ invariant: id, harm: 'stuck', what: `${injected} cases instead of ${planned} at least` }];

/** In a process of its own, as `pnpm test` runs it; the report is null when there is none. */
const runMocha = (
  { suite, tests }: BadInput,
  { file, options }: { readonly file: string; readonly options: FaultOptions },
): Promise<{ readonly output: string; readonly report: Report | null }> =>
  new Promise((resolveRun, reject) => {
    const selection = tests === null ? [] : ['--grep', tests.join('|')];
    const reporter = ['--reporter', 'json', '--reporter-option', `output=${file}`];
    const child = spawn(
      process.execPath,
      ['node_modules/mocha/bin/mocha.js', ...reporter, ...selection, `test-e2e/journeys/${suite}.test.ts`],
      {
        cwd: ROOT,
        env: { ...process.env, BAD_INPUT_FULL: options.quick ? '0' : '1', BAD_INPUT_SEED: String(options.seed) },
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: DEADLINE_MS,
      },
    );
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', () => {
      readFile(file, 'utf8')
        .then((text) => Report.parse(JSON.parse(text)))
        .catch(() => null)
        .then((report) => resolveRun({ output, report }), reject);
    });
  });

export const badInputFaults: readonly Fault[] = ROWS.map(toFault);
