import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { canDump, diffSchema, makeDumpSnapshots, MigrationFailed } from '@quittance/database';
import { Secret, toError } from '@quittance/kernel';
import { makeLogger } from '@quittance/runtime';

import { assertServers } from './assert-servers.ts';
import { openDataFolder } from './data-folder.ts';
import { STORING_SERVICES, type StoringService } from './databases.ts';
import { assertAdministrator } from './ensure-databases.ts';
import { given } from './given.ts';
import { LocalError } from './local-error.ts';
import { startLocalPostgres } from './local-postgres.ts';
import { migrateServices, type MigrationTarget, readServiceSchema } from './migrate-services.ts';
import { loadSecrets } from './secrets.ts';
import { MAIN_PREFIX } from './suite-environment.ts';

const USAGE = `Usage: npx -y pnpm@12 migrate [--dump FOLDER]
       npx -y pnpm@12 migrate create <service> <name>

  Brings every service's database to the newest schema, or leaves it as it was: a snapshot is taken first and put back
  when anything fails. "create" writes the next migration of one service from its schema.prisma.

  --dump FOLDER  snapshots are pg_dump archives in that folder instead of template databases on the same server

  DATABASE_URL               superuser's URL of a PostgreSQL 15 or later, instead of the embedded one
  SERVICE_DATABASE_PASSWORD  password of the services' roles there (default: the local data folder's)
  DATABASE_PREFIX            first part of every database's name (default quittance)
  QUITTANCE_DATA             folder for the local data (default .quittance)`;

type Environment = Readonly<Record<string, string | undefined>>;

const main = async (args: readonly string[], env: Environment): Promise<void> => {
  const { values, positionals } = readArguments(args);
  const [verb, service, name] = positionals;
  if (values.help) return say(USAGE);
  if (verb === undefined) return withTarget(env, (target) => migrateAll(target, { dump: values.dump ?? null, env }));
  const known = STORING_SERVICES.find((candidate) => candidate === service);
  if (verb !== 'create' || known === undefined || name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new LocalError(`Services: ${STORING_SERVICES.join(', ')}; a name is lower_case.\n\n${USAGE}`);
  }
  return withTarget(env, (target) => createMigration(known, name, target));
};

const migrateAll = async (
  target: MigrationTarget,
  { dump, env }: { readonly dump: string | null; readonly env: Environment },
): Promise<void> => {
  const logger = makeLogger({ service: 'migrate', level: 'warn' });
  const snapshot = dump === null ? {} : { snapshot: await dumpsIn(resolve(dump), target, env) };
  const migrated = await migrateServices(target, { logger, ...snapshot });
  for (const { service, applied, snapshot: taken } of migrated) {
    const before = taken === null ? '' : `, snapshot ${taken}`;
    say(applied.length === 0 ? `${service}: up to date` : `${service}: applied ${applied.join(', ')}${before}`);
  }
};

const dumpsIn = async (folder: string, target: MigrationTarget, env: Environment) => {
  const where = { adminUrl: new Secret(target.adminUrl), searchPath: env['PATH'] ?? '' };
  if (!(await canDump(where)))
    throw new LocalError('There is no pg_dump here that is as new as the server. Nothing was changed.');
  return makeDumpSnapshots({ ...where, folder });
};

const createMigration = async (service: StoringService, name: string, target: MigrationTarget): Promise<void> => {
  const { folder, migrations, schemaPrisma } = await readServiceSchema(service);
  const sql = await diffSchema({ adminUrl: new Secret(target.adminUrl), migrations, schemaPrisma });
  if (sql === null) return say(`${service}: schema.prisma says nothing that the migrations do not make.`);
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const path = join(folder, 'migrations', `${stamp}_${name}`);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'migration.sql'), sql);
  say(`Wrote ${path}/migration.sql. Read it: what it drops is gone, and the previous release must run on the result.`);
};

/** The server that is named, or the local suite's own, started for the time it takes. */
const withTarget = async (env: Environment, work: (target: MigrationTarget) => Promise<void>): Promise<void> => {
  const path = resolve(given(env, 'QUITTANCE_DATA') ?? '.quittance');
  const databasePrefix = given(env, 'DATABASE_PREFIX') ?? MAIN_PREFIX;
  const [adminUrl, password] = [given(env, 'DATABASE_URL'), given(env, 'SERVICE_DATABASE_PASSWORD')];
  if (adminUrl !== null) {
    await assertServers({ databaseUrl: adminUrl, rabbitUrl: null });
    await assertAdministrator(adminUrl);
  }
  if (adminUrl !== null && password !== null) {
    return work({ adminUrl, databasePrefix, servicePassword: password });
  }
  const folder = await openDataFolder(path, { fresh: false });
  try {
    const secrets = await loadSecrets(folder.secretsPath);
    const servicePassword = password ?? secrets.servicePassword;
    if (adminUrl !== null) return await work({ adminUrl, databasePrefix, servicePassword });
    const postgres = await startLocalPostgres(folder.clusterPath, secrets.databasePassword);
    try {
      return await work({ adminUrl: postgres.adminUrl, databasePrefix, servicePassword });
    } finally {
      await postgres.stop();
    }
  } finally {
    await folder.release();
  }
};

const readArguments = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: args.filter((argument) => argument !== '--'),
      allowPositionals: true,
      options: { dump: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
  } catch (error) {
    throw new LocalError(`${toError(error).message}\n\n${USAGE}`);
  }
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

try {
  await main(process.argv.slice(2), process.env);
  process.exit(0);
} catch (error) {
  const mendable = error instanceof LocalError || error instanceof MigrationFailed;
  process.stderr.write(`${mendable ? error.message : (toError(error).stack ?? String(error))}\n`);
  process.exit(1);
}
