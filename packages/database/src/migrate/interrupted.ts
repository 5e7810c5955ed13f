import { type Client } from 'pg';

import { databaseExists, dropDatabase, quote } from './admin-client.ts';
import { closeTo, openTo } from './grants.ts';
import { type MigrateOptions } from './migrate-options.ts';

/** A note on the database that a migration is under way, gone with the database when a snapshot takes its place. */
const MARK = 'quittance: migrating, snapshot ';
const NO_SNAPSHOT = 'none';

export const markMigrating = (admin: Client, database: string, snapshot: string | null): Promise<unknown> =>
  admin.query(`COMMENT ON DATABASE ${quote.name(database)} IS ${quote.text(`${MARK}${snapshot ?? NO_SNAPSHOT}`)}`);

/**
 * Undoes what a killed run left: a database that was being created is dropped, one that was being migrated gets its
 * snapshot back, a half-made swap is completed, one that was being copied accepts connections again.
 */
export const finishInterrupted = async (admin: Client, options: MigrateOptions): Promise<void> => {
  const { database, role, log } = options;
  const incoming = incomingName(database);
  const found = await admin.query<{ accepts: boolean; comment: string | null }>(
    `SELECT datallowconn AS accepts, shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`,
    [database],
  );
  const state = found.rows[0];
  if (!state) {
    if (!(await databaseExists(admin, incoming))) return;
    log.warn({ database }, 'completing a restore that was interrupted');
    await swapIn(admin, options);
    await openTo(admin, database, role);
    return;
  }
  if (!state.accepts) await admin.query(`ALTER DATABASE ${quote.name(database)} ALLOW_CONNECTIONS true`);
  if (state.comment?.startsWith(MARK) !== true) return;
  const snapshot = state.comment.slice(MARK.length);
  log.warn({ database, snapshot }, 'an earlier migration was interrupted; its changes are undone');
  if (snapshot === NO_SNAPSHOT) {
    await dropDatabase(admin, database);
    return;
  }
  await restoreSnapshot(admin, snapshot, options);
  await openTo(admin, database, role);
};

/** Puts the snapshot in the database's place, closed to services. Killed anywhere, `finishInterrupted` completes it. */
export const restoreSnapshot = async (admin: Client, snapshot: string, options: MigrateOptions): Promise<void> => {
  const incoming = incomingName(options.database);
  await dropDatabase(admin, incoming);
  await options.snapshot.materialize(snapshot, incoming);
  await dropDatabase(admin, options.database);
  await swapIn(admin, options);
};

/** A database's own rights are not copied with its contents: they are made again. */
const swapIn = async (admin: Client, { database, role }: MigrateOptions): Promise<void> => {
  const incoming = incomingName(database);
  await closeTo(admin, incoming, role);
  await admin.query(`ALTER DATABASE ${quote.name(incoming)} RENAME TO ${quote.name(database)}`);
};

const incomingName = (database: string): string => `${database}_restoring`;
