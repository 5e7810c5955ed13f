import { randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

import { type ServiceName } from '@quittance/contracts';
import pg from 'pg';

import { atEnd } from './at-end.ts';
import { testDatabaseServer } from './test-database-server.ts';

export interface TestDatabase {
  readonly name: string;
  /** For arranging and inspecting; also the one that may listen, create and drop. */
  readonly ownerUrl: string;
  /** What the service itself may do: DML on its tables, no UPDATE or DELETE where a table is append-only. */
  readonly serviceUrl: string;
  drop(): Promise<void>;
}

/** A service's database as its migrations make it, an empty one with the platform's tables only, or nothing at all. */
export type TestDatabaseOptions =
  | { readonly service: ServiceName }
  | { readonly migrations: readonly string[] }
  | { readonly empty: true };

const ROOT = resolve(import.meta.dirname, '../../..');
const PLATFORM_MIGRATIONS = resolve(ROOT, 'packages/database/migrations');
const RUN = `qt_${String(process.pid)}_${randomBytes(3).toString('hex')}`;

const templates = new Map<string, Promise<string>>();
let count = 0;

/**
 * A private database, copied from a template that is migrated once per test process (a copy takes some 20 ms).
 * `drop` ends every connection to it. What a test forgets to drop is dropped when mocha ends.
 */
export const makeTestDatabase = async (options: TestDatabaseOptions): Promise<TestDatabase> => {
  const { adminUrl } = await testDatabaseServer();
  const name = nextName();
  const template = 'empty' in options ? 'template1' : await templateFor(adminUrl, options);
  const role = `${RUN}_service`;
  await asAdmin(adminUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    await ensureRole(client, role);
  });
  const ownerUrl = withDatabase(adminUrl, name);
  await asAdmin(ownerUrl, (client) => grantService(client, role));
  let dropped: Promise<void> | null = null;
  const drop = (): Promise<void> => {
    dropped ??= dropDatabase(adminUrl, name);
    return dropped;
  };
  atEnd(drop);
  return { name, ownerUrl, serviceUrl: withUser(ownerUrl, role), drop };
};

const nextName = (): string => {
  count += 1;
  return `${RUN}_${String(count)}`;
};

const templateFor = (
  adminUrl: string,
  options: { service: ServiceName } | { migrations: readonly string[] },
): Promise<string> => {
  const folders =
    'service' in options
      ? [PLATFORM_MIGRATIONS, resolve(ROOT, 'services', options.service, 'prisma/migrations')]
      : options.migrations;
  const key = folders.join('\n');
  const known = templates.get(key);
  if (known !== undefined) return known;
  const made = makeTemplate(adminUrl, folders);
  templates.set(key, made);
  return made;
};

const makeTemplate = async (adminUrl: string, folders: readonly string[]): Promise<string> => {
  const name = `${nextName()}_template`;
  await asAdmin(adminUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  atEnd(() => dropDatabase(adminUrl, name));
  await asAdmin(withDatabase(adminUrl, name), async (client) => {
    for (const file of migrationFiles(folders)) await client.query(readFileSync(file, 'utf8'));
  });
  return name;
};

/** Platform and service migrations merged by timestamp, as `migrate` applies them. */
const migrationFiles = (folders: readonly string[]): readonly string[] =>
  folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => globSync('*/migration.sql', { cwd: folder }).map((file) => resolve(folder, file)))
    .toSorted((a, b) => basename(dirname(a)).localeCompare(basename(dirname(b))));

const ensureRole = async (client: pg.Client, role: string): Promise<void> => {
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) {
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
    atEnd(async () =>
      asAdmin((await testDatabaseServer()).adminUrl, (admin) => admin.query(`DROP ROLE IF EXISTS ${role}`)),
    );
  }
};

const grantService = async (client: pg.Client, role: string): Promise<void> => {
  await client.query(`
    DO $$
    DECLARE found record;
    BEGIN
      FOR found IN SELECT nspname FROM pg_namespace WHERE nspname IN ('public', 'platform') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${role}', found.nspname);
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO ${role}', found.nspname);
      END LOOP;
      FOR found IN SELECT n.nspname, c.relname, obj_description(c.oid) = 'append-only' AS append_only FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'platform') AND c.relkind IN ('r', 'p') LOOP
        EXECUTE format('GRANT SELECT, INSERT%s ON %I.%I TO ${role}',
          CASE WHEN found.append_only THEN '' ELSE ', UPDATE, DELETE' END, found.nspname, found.relname);
      END LOOP;
    END $$`);
};

const dropDatabase = async (adminUrl: string, name: string): Promise<void> => {
  await asAdmin(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
};

const asAdmin = async (url: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> => {
  const client = new pg.Client({ connectionString: url, application_name: 'quittance-testkit' });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
};

const withDatabase = (url: string, database: string): string => {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
};

const withUser = (url: string, role: string): string => {
  const changed = new URL(url);
  changed.username = role;
  changed.password = role;
  return changed.href;
};
