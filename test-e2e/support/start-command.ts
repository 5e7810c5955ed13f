import { type ChildProcess, spawn } from 'node:child_process';
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { isAlive, until } from '@quittance/local';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const READY_DEADLINE_MS = 90_000;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly durationMs: number;
}

export interface StartCommand {
  output(): string;
  /** Resolves with the screen's seconds when the screen is there; rejects when the command ends before. */
  ready(): Promise<number>;
  /** It and everything it has started, as the operating system counts it. */
  tree(): Promise<readonly number[]>;
  /** Sends a signal to the command alone and waits for its end. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<Ended>;
  ended(): Promise<Ended>;
}

export interface StartCommandOptions {
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();

/** `pnpm start` as it runs on a machine with nothing but Node: no server is named in its environment. */
export const startCommand = (options: StartCommandOptions): StartCommand => {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'infra/local/src/main.ts'), ...options.args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', QUITTANCE_DATA: options.folder, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<Ended>((resolveEnded) => {
    child.once('close', (code) => {
      running.delete(child);
      resolveEnded({ code, output, durationMs: performance.now() - startedMs });
    });
  });
  return {
    output: () => output,
    ready: async () => {
      const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
      await until('the screen', async () => screenSeconds(output) !== null || isOver(), {
        enough: (yes) => yes,
        deadlineMs: READY_DEADLINE_MS,
      });
      const seconds = screenSeconds(output);
      if (seconds === null) throw new Error(`It ended with ${String(child.exitCode)}:\n${output}`);
      return seconds;
    },
    tree: () => treeOf(child.pid ?? 0),
    end: async (signal) => {
      const askedMs = performance.now();
      child.kill(signal);
      return { ...(await ended), durationMs: performance.now() - askedMs };
    },
    ended: () => ended,
  };
};

/** For the end of a suite that failed halfway: asks whatever still runs to stop, and waits. */
export const endStartCommands = async (): Promise<void> => {
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise<void>((resolveEnded) => {
          child.once('close', () => resolveEnded());
          child.kill('SIGINT');
        }),
    ),
  );
};

/** Of these processes, those that still run. */
export const stillAlive = async (pids: readonly number[]): Promise<readonly number[]> => {
  const alive = await Promise.all(pids.map(isAlive));
  return pids.filter((_, index) => alive[index]);
};

const screenSeconds = (output: string): number | null => {
  const found = /Quittance is ready after ([\d.]+) s/.exec(output)?.[1];
  // The last line of the screen, so that all of it has been read.
  return found === undefined || !output.includes('--fresh to begin again') ? null : Number(found);
};

const treeOf = async (root: number): Promise<readonly number[]> => {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const parent of tree) {
    for (const [pid, ppid] of rows) if (ppid === parent && pid !== undefined) tree.push(pid);
  }
  return tree;
};
