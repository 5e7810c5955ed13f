import { createHash } from 'node:crypto';

import { type Client } from 'pg';

import { type Migration } from './migration.ts';

/** What Prisma's history table says against the list of migrations. */
export type HistoryPlan =
  | { readonly plan: 'up_to_date' }
  /** A newer release migrated this database; this older one can run on it as it is. */
  | { readonly plan: 'ahead'; readonly unknown: readonly string[] }
  | { readonly plan: 'apply'; readonly names: readonly string[] }
  | { readonly plan: 'refuse'; readonly reason: string };

interface AppliedRow {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** Reads only names and checksums: this is what a start with nothing to do costs. */
export const planMigrations = async (client: Client, migrations: readonly Migration[]): Promise<HistoryPlan> => {
  const applied = await readApplied(client);
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  const unfinished = applied.find((row) => !row.finished);
  if (unfinished) {
    const reason = `${unfinished.name} was begun and never finished. Restore a snapshot taken before it`;
    return { plan: 'refuse', reason };
  }
  const edited = applied.find(({ name, checksum }) => {
    const known = byName.get(name);
    return known !== undefined && checksumOf(known) !== checksum;
  });
  if (edited) {
    const reason = `${edited.name} was edited after it was applied. Put the file back and write a new migration`;
    return { plan: 'refuse', reason };
  }
  const appliedNames = new Set(applied.map((row) => row.name));
  const names = migrations.map((migration) => migration.name).filter((name) => !appliedNames.has(name));
  const unknown = [...appliedNames].filter((name) => !byName.has(name));
  if (unknown.length === 0) return names.length === 0 ? { plan: 'up_to_date' } : { plan: 'apply', names };
  if (names.length === 0) return { plan: 'ahead', unknown };
  const reason = `the database has ${unknown.join(', ')}, which this release does not know, and lacks ${names.join(', ')}`;
  return { plan: 'refuse', reason };
};

const readApplied = async (client: Client): Promise<readonly AppliedRow[]> => {
  const table = await client.query<{ found: string | null }>(
    `SELECT to_regclass('public._prisma_migrations') AS found`,
  );
  if (table.rows[0]?.found === null) return [];
  const found = await client.query<AppliedRow>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM public._prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  return found.rows;
};

const checksumOf = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex');
