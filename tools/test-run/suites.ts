import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { z } from 'zod';

/** One line of the run: a command, and what the runner must know about it. */
export interface Suite {
  readonly name: string;
  readonly command: string;
  /** Mocha suites report counts, and so may commands; of the others only the exit code is known. */
  readonly kind: 'mocha' | 'command';
  /** Needs the machine for itself: it starts the whole suite. Its output is shown as it comes. */
  readonly alone: boolean;
  readonly deadlineMs: number;
}

const MINUTE_MS = 60_000;
const REPORTER = '--reporter ./tools/test-run/counting-reporter.ts';

const mocha = (name: string, files: readonly string[], facts: { readonly alone: boolean }): Suite => ({
  name,
  command: `mocha --no-colors --forbid-only ${nothingSkipped() ? '--forbid-pending ' : ''}${REPORTER} ${files.join(' ')}`,
  kind: 'mocha',
  alone: facts.alone,
  deadlineMs: 6 * MINUTE_MS,
});

/** In CI nothing may be left out: broker and browser are installed, so a skipped test is a failure. */
export const nothingSkipped = (): boolean => process.env['CI'] !== undefined && process.env['CI'] !== '';

/** The `check:…` scripts of package.json, and the proof that everything generated is up to date. */
export const checkSuites = (): readonly Suite[] => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const checks = Object.entries(scripts)
    .filter(([name]) => name.startsWith('check:'))
    .map(([name, script]): Suite => {
      const isMocha = script.startsWith('mocha ');
      return {
        name,
        command: isMocha ? `${script} ${REPORTER}` : script,
        kind: isMocha ? 'mocha' : 'command',
        alone: false,
        deadlineMs: 3 * MINUTE_MS,
      };
    });
  return [
    ...checks,
    {
      name: 'generate --check',
      command: 'node tools/generate.ts --check',
      kind: 'command',
      alone: false,
      deadlineMs: MINUTE_MS,
    },
  ];
};

/** By far the longest, so it begins first and the others pass beside it. */
const FIRST = 'packages/bus';

/** Contract and component suites, one for each package, service and part of infra that has any. */
export const componentSuites = (): readonly Suite[] => {
  const files = globSync([
    'packages/*/src/**/*.contract.test.ts',
    'packages/*/test/**/*.test.ts',
    'services/*/test/**/*.test.ts',
    'infra/*/test/**/*.test.ts',
  ]).toSorted();
  const owners = Map.groupBy(files, (file) => file.split('/').slice(0, 2).join('/'));
  return [...owners]
    .toSorted(([a], [b]) => Number(b === FIRST) - Number(a === FIRST))
    .map(([owner, own]) => mocha(owner, own, { alone: false }));
};

export const journeySuites = (): readonly Suite[] => {
  const files = globSync(['test-e2e/journeys/**/*.test.ts', 'test-e2e/browser/**/*.test.ts']).toSorted();
  return files.map((file) => mocha(file, [file], { alone: true }));
};

const FAULTS = 'test-e2e/faults';

/** What runs before every landing; CI takes a handful of every other fault as well. */
const ALWAYS = 'F1';

/** All of them one after the other. Ten minutes on two quiet cores are the aim; a busy machine takes longer. */
const QUICK_FAULTS_WITHIN_MS = 30 * MINUTE_MS;

/**
 * Faults that share a ground follow each other, and whoever leaves its clocks moved on comes after the others; a fault
 * that is not named here comes last.
 */
const ORDER = ['F1', 'F6', 'F8', 'F11', 'F15', 'F23', 'F7', 'F10', 'F3', 'F9', 'F12'];
const placeOf = (id: string): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);

/**
 * A handful of each fault, by its file (`f03-broker-killed.ts`); all of them whole are `pnpm test:faults`. In one
 * process, so that those that need nothing special share one ground. Bad input (F17 to F22) is among the journeys.
 * `every`: not only the one that runs before every landing.
 */
export const faultSuites = ({ every }: { readonly every: boolean }): readonly Suite[] => {
  const ids = globSync(`${FAULTS}/f[0-9][0-9]-*.ts`)
    .toSorted()
    .map((file) => `F${String(Number(basename(file).slice(1, 3)))}`)
    .filter((id) => every || id === ALWAYS)
    .toSorted((a, b) => placeOf(a) - placeOf(b));
  return [
    {
      name: `${String(ids.length)} faults, quickly`,
      command: `node ${FAULTS}/main.ts ${ids.join(' ')} --quick --first 6`,
      kind: 'command',
      alone: true,
      deadlineMs: QUICK_FAULTS_WITHIN_MS,
    },
  ];
};
