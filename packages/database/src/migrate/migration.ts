import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { assert } from '@quittance/kernel';

/** One step of a database's history, as Prisma keeps it: `<timestamp>_<name>/migration.sql`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

const PLATFORM = resolve(import.meta.dirname, '../../migrations');

const NAME = /^\d{14}_[a-z0-9_]+$/;

/** The migrations of a service's folder merged by timestamp with those of the platform tables; without one, only these. */
export const readMigrations = async (folder: string | null): Promise<readonly Migration[]> => {
  const parts = await Promise.all([readFolder(PLATFORM), folder === null ? [] : readFolder(folder)]);
  const merged = parts.flat().toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const names = merged.map((migration) => migration.name);
  assert(new Set(names).size === names.length, `two migrations of ${folder ?? 'the platform'} have one name`);
  return merged;
};

const readFolder = async (folder: string): Promise<readonly Migration[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.map(async (name) => {
      assert(NAME.test(name), `migration folder ${name} in ${folder} is not named <14 digits>_<name>`);
      return { name, sql: await readFile(join(folder, name, 'migration.sql'), 'utf8') };
    }),
  );
};
