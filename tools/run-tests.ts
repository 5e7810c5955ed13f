/**
 * `pnpm test`: everything that must pass before landing, with one line for each suite and `N passed, N failed` as the
 * last. With an argument only that stage: checks, components, e2e or faults.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { endAllSuites, type Outcome, type RunFacts, runSuite } from './test-run/run-suite.ts';
import { startServers } from './test-run/servers.ts';
import {
  checkSuites,
  componentSuites,
  faultSuites,
  journeySuites,
  nothingSkipped,
  type Suite,
} from './test-run/suites.ts';

const AT_ONCE = 2;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const report = ({ suite, passed, failed, pending, durationMs, trouble, output }: Outcome): void => {
  const counts = suite.kind === 'mocha' || passed > 0 ? `${String(passed)} passed` : 'done';
  const parts = [
    failed > 0 ? (trouble ?? `${String(failed)} failed, ${counts}`) : counts,
    pending > 0 ? `${String(pending)} left out` : null,
  ];
  if (failed > 0 && output !== '') say(output.trimEnd());
  const mark = failed > 0 ? '✖' : '✔';
  const seconds = `${(durationMs / 1000).toFixed(1)} s`.padStart(8);
  say(`${mark} ${seconds}  ${suite.name.padEnd(48)} ${parts.filter((part) => part !== null).join(', ')}`);
};

/** Suites that can share the machine first, two at a time; the others after them, one by one. */
const runAll = async (suites: readonly Suite[], facts: RunFacts): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  const run = async (suite: Suite): Promise<void> => {
    const outcome = await runSuite(suite, facts);
    report(outcome);
    outcomes.push(outcome);
  };
  const shared = suites.filter(({ alone }) => !alone);
  const lane = async (): Promise<void> => {
    for (let suite = shared.shift(); suite !== undefined; suite = shared.shift()) await run(suite);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  for (const suite of suites.filter(({ alone }) => alone)) await run(suite);
  return outcomes;
};

const STAGES: Readonly<Record<string, readonly [title: string, suites: () => readonly Suite[]]>> = {
  checks: ['Checks', checkSuites],
  components: ['Components', componentSuites],
  e2e: ['Journeys', journeySuites],
  // Asked for by name, or in CI, it is a handful of every fault there is.
  faults: ['Faults', () => faultSuites({ every: nothingSkipped() || process.argv[2] === 'faults' })],
};

const selection = process.argv[2];
const stages =
  selection === undefined ? Object.values(STAGES) : [STAGES[selection]].filter((stage) => stage !== undefined);
if (stages.length === 0) {
  say(`There is no stage ${String(selection)}: choose ${Object.keys(STAGES).join(', ')}, or none for all.`);
  process.exit(1);
}

const startedAt = performance.now();
const folder = await mkdtemp(join(tmpdir(), 'quittance-test-'));
const servers = await startServers();
const cleanUp = async (): Promise<void> => {
  endAllSuites();
  await servers.stop();
  await rm(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void cleanUp().finally(() => process.exit(130));
  });
}

const outcomes: Outcome[] = [];
try {
  for (const [title, suitesOf] of stages) {
    const suites = suitesOf();
    if (suites.length === 0) continue;
    say(`\n${title}`);
    outcomes.push(...(await runAll(suites, { env: servers.env, folder })));
  }
} finally {
  await cleanUp();
}

const sum = (pick: (outcome: Outcome) => number): number => outcomes.reduce((total, each) => total + pick(each), 0);
const failed = outcomes.filter((outcome) => outcome.failed > 0);
if (failed.length > 0) say(`\nFailed: ${failed.map(({ suite }) => suite.name).join(', ')}`);
say(`\nThe whole run took ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
for (const line of servers.leftOut) say(line);
say(`${String(sum((outcome) => outcome.passed))} passed, ${String(sum((outcome) => outcome.failed))} failed`);
process.exitCode = failed.length > 0 || outcomes.length === 0 ? 1 : 0;
