import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { reachableFolder } from '@quittance/embedded-postgres';
import { toError } from '@quittance/kernel';

import { hasCode } from './has-code.ts';
import { isAlive } from './is-alive.ts';
import { LocalError } from './local-error.ts';

/** Where one local suite keeps everything that outlives it: the database cluster and its secrets. */
export interface DataFolder {
  readonly path: string;
  readonly clusterPath: string;
  readonly secretsPath: string;
  release(): Promise<void>;
}

/**
 * Takes the folder for this process. Another living suite in it, or a folder that cannot be written, is one clear
 * sentence; a lock left by a killed one is taken over. `fresh` empties it first.
 */
export const openDataFolder = async (path: string, options: { readonly fresh: boolean }): Promise<DataFolder> => {
  await ensureWritable(path);
  const lockPath = join(path, 'suite.pid');
  await takeLock(lockPath, path);
  const folder = {
    path,
    clusterPath: reachableFolder(join(path, 'postgres')),
    secretsPath: join(path, 'secrets.json'),
  };
  if (options.fresh) {
    await stopOrphan(folder.clusterPath);
    await rm(folder.clusterPath, { recursive: true, force: true });
    await rm(folder.secretsPath, { force: true });
  }
  return { ...folder, release: () => rm(lockPath, { force: true }) };
};

const ensureWritable = async (path: string): Promise<void> => {
  try {
    await ensureFolder(path);
    const probe = join(path, '.writable');
    await writeFile(probe, '');
    await rm(probe);
    // An embedded PostgreSQL started by root runs as another user and must be able to enter.
    await chmod(path, 0o755);
  } catch (error) {
    throw new LocalError(
      `The data folder ${path} cannot be written (${toError(error).message}). ` +
        'Make it writable, or choose another with QUITTANCE_DATA=/some/folder.',
    );
  }
};

/** Step by step: Node's own `recursive` never ends where a file system takes no folders, as under `/proc`. */
const ensureFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (!hasCode(error, 'ENOENT') || existsSync(dirname(path))) throw error;
    await ensureFolder(dirname(path));
    await mkdir(path);
  }
};

const takeLock = async (lockPath: string, path: string): Promise<void> => {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = await open(lockPath, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      const holder = Number(await readFile(lockPath, 'utf8').catch(() => ''));
      if (holder > 0 && holder !== process.pid && (await isAlive(holder))) {
        throw new LocalError(
          `Quittance already runs in ${path} (process ${holder}). Stop it with Ctrl-C where it runs, ` +
            'or start a second one with its own data: QUITTANCE_DATA=/another/folder and --port.',
        );
      }
      await rm(lockPath, { force: true });
    }
  }
  throw new LocalError(`Another process keeps taking ${lockPath}; try again.`);
};

const ORPHAN_DEADLINE_MS = 20_000;

/** After a kill −9 the database of the killed suite may still run: it is asked to shut down fast, and waited for. */
export const stopOrphan = async (clusterPath: string): Promise<void> => {
  const pidFile = await readFile(join(clusterPath, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(pidFile.split('\n')[0]);
  if (!(pid > 0) || !(await isAlive(pid)) || !(await isPostgres(pid))) return;
  // SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything committed is kept.
  process.kill(pid, 'SIGINT');
  for (const until = Date.now() + ORPHAN_DEADLINE_MS; await isAlive(pid);) {
    if (Date.now() > until) {
      throw new LocalError(`An earlier database (process ${pid}) does not stop; end it and start again.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Pids are used again: only a process that is PostgreSQL is ours to stop. Where that cannot be seen, it is assumed. */
const isPostgres = async (pid: number): Promise<boolean> => {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'postgres');
  return name.trim() === 'postgres';
};
