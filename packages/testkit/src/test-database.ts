import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type ServiceName } from '@quittance/contracts';
import { asRole, makeTemplateSnapshots, migrateDatabase, onDatabase, readMigrations } from '@quittance/database';
import { Secret } from '@quittance/kernel';
import { makeLogger } from '@quittance/runtime';
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

/** A service's database as its migrations make it, one with the platform's tables only, or an empty one. */
export type TestDatabaseOptions =
  | { readonly service: ServiceName }
  | { readonly platform: true }
  | { readonly empty: true };

const ROOT = resolve(import.meta.dirname, '../../..');
const RUN = `qt_${String(process.pid)}_${randomBytes(3).toString('hex')}`;
const LOGIN = { role: `${RUN}_service`, password: new Secret(`${RUN}_service`) };

const templates = new Map<string, Promise<string>>();
let role: Promise<void> | null = null;
let count = 0;

/**
 * A private database, copied from a template that is migrated once per test process with the migrations, grants and
 * role a production database gets (a copy takes some 20 ms). `drop` ends every connection to it; what a test forgets
 * to drop is dropped when mocha ends.
 */
export const makeTestDatabase = async (options: TestDatabaseOptions): Promise<TestDatabase> => {
  const { adminUrl } = await testDatabaseServer();
  role ??= makeRole(adminUrl);
  await role;
  const template = await templateFor(adminUrl, options);
  const name = nextName();
  await asAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  let dropped: Promise<void> | null = null;
  const drop = (): Promise<void> => {
    dropped ??= dropDatabase(adminUrl, name);
    return dropped;
  };
  atEnd(drop);
  const admin = new Secret(adminUrl);
  return {
    name,
    ownerUrl: onDatabase(admin, name).reveal(),
    serviceUrl: asRole(admin, name, LOGIN).reveal(),
    drop,
  };
};

const nextName = (): string => {
  count += 1;
  return `${RUN}_${String(count)}`;
};

const makeRole = async (adminUrl: string): Promise<void> => {
  await asAdmin(adminUrl, `CREATE ROLE ${LOGIN.role} LOGIN PASSWORD '${LOGIN.password.reveal()}'`);
  atEnd(() => asAdmin(adminUrl, `DROP ROLE ${LOGIN.role}`));
};

const templateFor = (adminUrl: string, options: TestDatabaseOptions): Promise<string> => {
  if ('empty' in options) return Promise.resolve('template0');
  const key = 'service' in options ? options.service : 'platform';
  const known = templates.get(key);
  if (known !== undefined) return known;
  const made = makeTemplate(adminUrl, 'service' in options ? options.service : null);
  templates.set(key, made);
  return made;
};

/** For a database that has the platform's tables and nothing of its own. */
const NO_MODELS = 'datasource db { provider = "postgresql" }';

const makeTemplate = async (adminUrl: string, service: ServiceName | null): Promise<string> => {
  const folder = service === null ? null : resolve(ROOT, 'services', service, 'prisma');
  const name = `${nextName()}_t`;
  atEnd(() => dropDatabase(adminUrl, name));
  const admin = new Secret(adminUrl);
  await migrateDatabase({
    adminUrl: admin,
    database: name,
    role: LOGIN.role,
    rolePassword: LOGIN.password,
    migrations: await readMigrations(folder === null ? null : resolve(folder, 'migrations')),
    schemaPrisma: folder === null ? NO_MODELS : await readFile(resolve(folder, 'schema.prisma'), 'utf8'),
    snapshot: makeTemplateSnapshots(admin),
    log: makeLogger({ service: 'testkit', level: 'silent' }),
  });
  return name;
};

const dropDatabase = (adminUrl: string, name: string): Promise<void> =>
  asAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);

const asAdmin = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url, application_name: 'quittance-testkit' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};
