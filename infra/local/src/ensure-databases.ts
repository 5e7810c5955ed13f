import { must, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';

import { databaseNameOf, STORING_SERVICES } from './databases.ts';
import { LocalError } from './local-error.ts';
import { migrateServices } from './migrate-services.ts';
import { PLAIN_DATABASES, type SuiteFacts } from './suite-environment.ts';

/** Every database of the suite exists, is migrated, and belongs to a role that may do what its service does. */
export const ensureDatabases = async (
  facts: SuiteFacts,
  options: { readonly fresh: boolean; readonly progress: (line: string) => void; readonly logger: Logger },
): Promise<void> => {
  if (options.fresh) await dropDatabases(facts);
  await asAdmin(facts, async (admin) => {
    for (const name of PLAIN_DATABASES) await ensurePlain(admin, facts, name);
  });
  const target = { ...facts, servicePassword: facts.secrets.servicePassword };
  const results = await migrateServices(target, options);
  const applied = results.reduce((sum, result) => sum + result.applied.length, 0);
  options.progress(
    applied === 0 ? 'Every database is up to date' : `Migrated ${STORING_SERVICES.length} databases (${applied} steps)`,
  );
};

/** Ends every session to the suite's databases and removes them, with their snapshots. */
export const dropDatabases = (facts: Pick<SuiteFacts, 'adminUrl' | 'databasePrefix'>): Promise<void> =>
  asAdmin(facts, async (admin) => {
    const { rows } = await admin.query<{ readonly datname: string }>(
      // Its own names and the snapshots of them; never another's that happens to begin alike.
      `SELECT datname FROM pg_database
       WHERE datname = ANY ($1::text[]) OR EXISTS (SELECT FROM unnest($1::text[]) AS own WHERE starts_with(datname, own || '_snap_'))`,
      [allNames(facts)],
    );
    for (const { datname } of rows) {
      const database = escapeIdentifier(datname);
      await admin.query(`ALTER DATABASE ${database} WITH IS_TEMPLATE false`);
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    }
  });

/** The roles too; for private copies that leave nothing behind. */
export const dropRoles = (facts: Pick<SuiteFacts, 'adminUrl' | 'databasePrefix'>): Promise<void> =>
  asAdmin(facts, async (admin) => {
    for (const role of allNames(facts)) await admin.query(`DROP ROLE IF EXISTS ${escapeIdentifier(role)}`);
  });

const allNames = ({ databasePrefix }: Pick<SuiteFacts, 'databasePrefix'>): readonly string[] =>
  [...STORING_SERVICES, ...PLAIN_DATABASES].map((name) => databaseNameOf(name, databasePrefix));

const ensurePlain = async (admin: Client, facts: SuiteFacts, name: string): Promise<void> => {
  const database = databaseNameOf(name, facts.databasePrefix);
  const role = escapeIdentifier(database);
  const exists = async (sql: string): Promise<boolean> => (await admin.query(sql, [database])).rowCount === 1;
  if (!(await exists('SELECT 1 FROM pg_roles WHERE rolname = $1'))) await admin.query(`CREATE ROLE ${role} LOGIN`);
  await admin.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(facts.secrets.servicePassword)}`);
  if (await exists('SELECT 1 FROM pg_database WHERE datname = $1')) return;
  await admin.query(`CREATE DATABASE ${role} OWNER ${role}`);
  await admin.query(`REVOKE ALL ON DATABASE ${role} FROM PUBLIC`);
};

/** Throws one clear sentence when nobody can administer databases there. */
export const assertAdministrator = (adminUrl: string): Promise<void> => asAdmin({ adminUrl }, () => Promise.resolve());

const asAdmin = async <T>(facts: Pick<SuiteFacts, 'adminUrl'>, work: (admin: Client) => Promise<T>): Promise<T> => {
  const admin = new Client({ connectionString: facts.adminUrl, connectionTimeoutMillis: 5000 });
  try {
    await admin.connect();
  } catch (error) {
    const { host } = must(URL.parse(facts.adminUrl), 'database URL');
    throw new LocalError(
      `PostgreSQL at ${host} cannot be reached as administrator: ${toError(error).message}. ` +
        'Start it and check DATABASE_URL, or leave DATABASE_URL out: a PostgreSQL of its own is then started.',
      {
        cause: error,
      },
    );
  }
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
};
