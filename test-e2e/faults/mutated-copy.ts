import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';

import { assert } from '@quittance/kernel';

import { type Mutation } from './mutations.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LEFT_BEHIND = new Set(['.git', '.quittance', '.pnpm', 'coverage']);
const DEADLINE_MS = 20 * 60_000;

export interface FaultRun {
  /** Null when it came to no end. */
  readonly exit: number | null;
  readonly output: string;
}

/** Runs a fault from a copy of the workspace in which one guard is missing. The workspace itself is not touched. */
export const runMutated = async (mutation: Mutation): Promise<FaultRun> => {
  const copy = await mkdtemp(join(tmpdir(), 'quittance-mutation-'));
  try {
    await copyWorkspace(copy);
    await patch(copy, mutation);
    return await runFault(copy, mutation.fault);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
};

/** The same fault where nothing is missing. */
export const runUnchanged = (fault: Mutation['fault']): Promise<FaultRun> => runFault(ROOT, fault);

/** The links between the workspace's packages are relative and so lead into the copy; what is installed is shared. */
const copyWorkspace = async (copy: string): Promise<void> => {
  for (const entry of await readdir(ROOT)) {
    if (LEFT_BEHIND.has(entry)) continue;
    await cp(join(ROOT, entry), join(copy, entry), {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      filter: (source) => !LEFT_BEHIND.has(basename(source)) || relative(ROOT, source) === '',
    });
  }
  await mkdir(join(copy, 'node_modules'), { recursive: true });
  await symlink(join(ROOT, 'node_modules', '.pnpm'), join(copy, 'node_modules', '.pnpm'));
};

const patch = async (copy: string, { name, edits }: Mutation): Promise<void> => {
  for (const { file, find, replace } of edits) {
    const path = join(copy, file);
    const text = await readFile(path, 'utf8');
    const places = text.split(find).length - 1;
    assert(places === 1, `the mutation “${name}” fits ${file} ${places} times instead of once: bring it up to date`);
    await writeFile(
      path,
      text.replace(find, () => replace),
    );
  }
};

const runFault = (folder: string, fault: Mutation['fault']): Promise<FaultRun> =>
  new Promise((resolveRun, reject) => {
    const child = spawn(process.execPath, ['test-e2e/faults/main.ts', ...fault], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once('error', reject);
    child.once('close', (exit) => resolveRun({ exit, output }));
  });
