import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { COMPILE_CACHE } from '../../infra/local/src/compile-cache.ts';
import { type Suite } from './suites.ts';

export interface Outcome {
  readonly suite: Suite;
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
  readonly durationMs: number;
  /** Why it failed without a failing test; null otherwise. */
  readonly trouble: string | null;
  /** What it printed; empty where it was shown as it came. */
  readonly output: string;
}

export interface RunFacts {
  readonly env: Readonly<Record<string, string>>;
  /** For the counts the reporter writes. */
  readonly folder: string;
}

const Counts = z.strictObject({ passed: z.int(), failed: z.int(), pending: z.int() });
const running = new Set<number>();

/** Ends everything that is still running, children's children included. */
export const endAllSuites = (): void => {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
};

let count = 0;

/** Runs one suite in a process group of its own, of which nothing is left afterwards. */
export const runSuite = async (suite: Suite, facts: RunFacts): Promise<Outcome> => {
  count += 1;
  const countsFile = join(facts.folder, `counts-${String(count)}.json`);
  const startedAt = performance.now();
  const { exit, output, timedOut } = await execute(suite, { ...facts.env, QUITTANCE_TEST_COUNTS: countsFile });
  const durationMs = performance.now() - startedAt;
  const counts = existsSync(countsFile)
    ? Counts.parse(JSON.parse(readFileSync(countsFile, 'utf8')))
    : { passed: 0, failed: 0, pending: 0 };
  const explained = counts.failed > 0;
  const trouble = timedOut
    ? `no end within ${String(suite.deadlineMs / 1000)} s`
    : exit !== 0 && !explained
      ? `exit ${String(exit)}`
      : suite.kind === 'mocha' && counts.passed + counts.failed + counts.pending === 0
        ? 'ran no test'
        : null;
  return { suite, ...counts, failed: counts.failed + (trouble === null ? 0 : 1), durationMs, trouble, output };
};

const GRACE_MS = 15_000;

const execute = (
  suite: Suite,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly exit: number | null; readonly output: string; readonly timedOut: boolean }> =>
  new Promise((resolve, reject) => {
    const child = spawn(suite.command, {
      shell: true,
      detached: true,
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, ...env, FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        if (suite.alone) process.stdout.write(chunk);
        else chunks.push(chunk);
      });
    }
    let timedOut = false;
    let lastWord: NodeJS.Timeout | undefined;
    const deadline = setTimeout(() => {
      timedOut = true;
      if (pid === undefined) return;
      // It may have started servers outside its group: it gets a chance to end them.
      signalGroup(pid, 'SIGTERM');
      lastWord = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS);
    }, suite.deadlineMs);
    child.once('error', reject);
    // 'exit', not 'close': a grandchild that holds the pipe open must not keep the run waiting.
    child.once('exit', (exit) => {
      clearTimeout(deadline);
      clearTimeout(lastWord);
      if (pid !== undefined) {
        signalGroup(pid, 'SIGKILL');
        running.delete(pid);
      }
      setImmediate(() => resolve({ exit, output: Buffer.concat(chunks).toString(), timedOut }));
    });
  });

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
};
