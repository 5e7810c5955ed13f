import { assert, assertNever, toError } from '@quittance/kernel';
import { systemWallClock } from '@quittance/runtime';
import { type Client } from 'pg';

import { databaseExists, dropDatabase, endSessions, onDatabase, quote, withClient } from './admin-client.ts';
import { findDrift } from './find-drift.ts';
import { closeTo, ensureRole, grantObjects, openTo } from './grants.ts';
import { type HistoryPlan, planMigrations } from './history.ts';
import { finishInterrupted, markMigrating, restoreSnapshot } from './interrupted.ts';
import { type MigrateOptions } from './migrate-options.ts';
import { MigrationFailed, reasonOf } from './migration-failed.ts';
import { openSchemaEngine } from './schema-engine.ts';
import { snapshotName } from './snapshot-port.ts';

export interface MigrationResult {
  readonly applied: readonly string[];
  /** Null where there was nothing to lose: a new database, or nothing to apply. */
  readonly snapshot: string | null;
}

const LOCK = 0x71756974;

/**
 * Brings one database to the newest schema, or leaves it exactly as it was: lock, snapshot, apply, grant, compare the
 * catalogue with a scratch database made by the same migrations. While it works only administrators can connect.
 * A run that was killed is undone by the next one. Throws MigrationFailed, which says what failed and what is back.
 */
export const migrateDatabase = (options: MigrateOptions): Promise<MigrationResult> => {
  // Room for the suffixes of snapshots within PostgreSQL's 63 bytes.
  assert(/^[a-z][a-z0-9_]{0,38}$/.test(options.database), `${options.database} cannot be a database name`);
  return withClient(options.adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK, options.database]);
    await ensureRole(admin, options.role, options.rolePassword);
    await finishInterrupted(admin, options);
    if (!(await databaseExists(admin, options.database))) return create(admin, options);
    const plan = await inDatabase(options, (client) => planMigrations(client, options.migrations));
    return follow(admin, plan, options);
  });
};

const follow = async (admin: Client, plan: HistoryPlan, options: MigrateOptions): Promise<MigrationResult> => {
  const { database, log } = options;
  switch (plan.plan) {
    case 'up_to_date':
      return { applied: [], snapshot: null };
    case 'ahead':
      log.warn({ database, unknown: plan.unknown }, 'a newer release has migrated this database; used as it is');
      return { applied: [], snapshot: null };
    case 'refuse':
      throw new MigrationFailed(`${database} cannot be migrated: ${plan.reason}. Nothing was changed.`);
    case 'apply':
      return change(admin, plan.names, options);
    default:
      return assertNever(plan);
  }
};

/** A new database: nothing to lose and nothing but the migrations to have made it, so no snapshot and no comparison. */
const create = async (admin: Client, options: MigrateOptions): Promise<MigrationResult> => {
  const { database, role, log } = options;
  await admin.query(`CREATE DATABASE ${quote.name(database)} TEMPLATE template0 ENCODING 'UTF8'`);
  try {
    await closeTo(admin, database, role);
    await markMigrating(admin, database, null);
    const applied = await applyAndGrant(options);
    await record({ migrations: applied, snapshot: null, result: 'succeeded', detail: null }, options);
    await openAgain(admin, options);
    log.info({ database, applied }, 'database created');
    return { applied, snapshot: null };
  } catch (error) {
    const failure = await reasonOf(error, options);
    await dropDatabase(admin, database);
    throw new MigrationFailed(`${database} could not be created: ${failure}. It was removed again.`, { cause: error });
  }
};

const change = async (admin: Client, names: readonly string[], options: MigrateOptions): Promise<MigrationResult> => {
  const { database, role, snapshot, log } = options;
  const taken = snapshotName(database, nowMs(options));
  // Fenced from here to the end: whatever a service wrote meanwhile, a restore would lose.
  await closeTo(admin, database, role);
  await endSessions(admin, database);
  try {
    await snapshot.take(database, taken);
  } catch (error) {
    await openTo(admin, database, role);
    const why = toError(error).message;
    throw new MigrationFailed(
      `${database} was not migrated: no snapshot could be taken (${why}). Nothing was changed.`,
      {
        cause: error,
      },
    );
  }
  log.info({ database, snapshot: taken, kind: snapshot.kind, migrations: names }, 'snapshot taken, migrating');
  try {
    await markMigrating(admin, database, taken);
    const applied = await applyAndGrant(options);
    const drift = await findDrift(admin, options);
    if (drift.length > 0)
      throw new MigrationFailed(`the database is not what its migrations make:\n- ${drift.join('\n- ')}`);
    await record({ migrations: applied, snapshot: taken, result: 'succeeded', detail: null }, options);
    await openAgain(admin, options);
    await prune(options);
    log.info({ database, applied, snapshot: taken }, 'database migrated');
    return { applied, snapshot: taken };
  } catch (error) {
    return restoreAndFail({ admin, error, names, taken }, options);
  }
};

interface Failure {
  readonly admin: Client;
  readonly error: unknown;
  readonly names: readonly string[];
  readonly taken: string;
}

const restoreAndFail = async ({ admin, error, names, taken }: Failure, options: MigrateOptions): Promise<never> => {
  const { database, snapshot, log } = options;
  const failure = await reasonOf(error, options);
  try {
    await restoreSnapshot(admin, taken, options);
    await record({ migrations: names, snapshot: taken, result: 'restored', detail: failure }, options);
    await openAgain(admin, options);
  } catch (restoring) {
    log.error({ database, snapshot: taken, err: toError(restoring) }, 'the snapshot could not be restored');
    const message =
      `Migrating ${database} failed: ${failure}.\nRestoring the snapshot failed too: ${toError(restoring).message}.\n` +
      `The database stays closed to services; the snapshot ${taken} (${snapshot.kind}) is intact. Run the migration again to restore it.`;
    throw new MigrationFailed(message, { cause: restoring });
  }
  throw new MigrationFailed(
    `Migrating ${database} failed: ${failure}.\nThe earlier state is back (snapshot ${taken}); nothing was changed.`,
    { cause: error },
  );
};

const applyAndGrant = async (options: MigrateOptions): Promise<readonly string[]> => {
  const engine = await openSchemaEngine({
    url: onDatabase(options.adminUrl, options.database),
    schemaPrisma: options.schemaPrisma,
  });
  try {
    const applied = await engine.apply(options.migrations);
    await inDatabase(options, (client) => grantObjects(client, options.role));
    return applied;
  } finally {
    await engine.close();
  }
};

/** One transaction: opened, it is no longer marked, or a kill in between would undo what services have written since. */
const openAgain = async (admin: Client, options: MigrateOptions): Promise<void> => {
  await admin.query('BEGIN');
  await openTo(admin, options.database, options.role);
  await admin.query(`COMMENT ON DATABASE ${quote.name(options.database)} IS NULL`);
  await admin.query('COMMIT');
};

interface LogRow {
  readonly migrations: readonly string[];
  readonly snapshot: string | null;
  readonly result: 'succeeded' | 'restored';
  readonly detail: string | null;
}

/** The audit of migrations. A restored state may be older than the table. */
const record = (row: LogRow, options: MigrateOptions): Promise<void> =>
  inDatabase(options, async (client) => {
    const table = await client.query<{ found: string | null }>(`SELECT to_regclass('platform.migration_log') AS found`);
    if (table.rows[0]?.found === null) return;
    await client.query(
      `INSERT INTO platform.migration_log (actor, migrations, snapshot, result, detail, at) VALUES ('system', $1, $2, $3, $4, $5)`,
      [row.migrations, row.snapshot, row.result, row.detail, new Date(nowMs(options))],
    );
  });

const prune = async ({ snapshot, database, snapshotsKept = 3 }: MigrateOptions): Promise<void> => {
  const all = await snapshot.list(database);
  for (const name of all.slice(snapshotsKept)) await snapshot.remove(name);
};

const inDatabase = <T>(options: MigrateOptions, run: (client: Client) => Promise<T>): Promise<T> =>
  withClient(onDatabase(options.adminUrl, options.database), run);

const nowMs = (options: MigrateOptions): number => (options.wallClock ?? systemWallClock).nowMs();
