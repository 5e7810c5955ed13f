import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import {
  makeTemplateSnapshots,
  migrateDatabase,
  MigrationFailed,
  type MigrationResult,
  readMigrations,
  type SnapshotPort,
} from '@quittance/database';
import { Secret, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { databaseNameOf, STORING_SERVICES, type StoringService } from './databases.ts';

const SERVICES = resolve(import.meta.dirname, '../../../services');

export interface MigrationTarget {
  /** Superuser's URL of the maintenance database. */
  readonly adminUrl: string;
  readonly databasePrefix: string;
  /** Of the services' own roles. */
  readonly servicePassword: string;
}

export interface MigratedService extends MigrationResult {
  readonly service: StoringService;
}

/**
 * Every service's database is there and up to date. One that fails is restored, the others are finished first: a
 * process that ends in the middle of a migration leaves work for the next start.
 */
export const migrateServices = async (
  target: MigrationTarget,
  options: { readonly logger: Logger; readonly snapshot?: SnapshotPort },
): Promise<readonly MigratedService[]> => {
  const results = await Promise.allSettled(STORING_SERVICES.map((service) => migrateService(service, target, options)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [toError(result.reason)] : []));
  const [first] = errors;
  if (first !== undefined) {
    throw errors.length === 1 ? first : new MigrationFailed(errors.map((error) => error.message).join('\n'));
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
};

/** What a service's folder says: its schema and, with the platform's, its migrations. */
export const readServiceSchema = async (service: StoringService) => {
  const folder = join(SERVICES, service, 'prisma');
  const [migrations, schemaPrisma] = await Promise.all([
    readMigrations(join(folder, 'migrations')),
    readFile(join(folder, 'schema.prisma'), 'utf8'),
  ]);
  return { folder, migrations, schemaPrisma };
};

const migrateService = async (
  service: StoringService,
  target: MigrationTarget,
  options: { readonly logger: Logger; readonly snapshot?: SnapshotPort },
): Promise<MigratedService> => {
  const adminUrl = new Secret(target.adminUrl);
  const { migrations, schemaPrisma } = await readServiceSchema(service);
  const database = databaseNameOf(service, target.databasePrefix);
  const result = await migrateDatabase({
    adminUrl,
    database,
    role: database,
    rolePassword: new Secret(target.servicePassword),
    migrations,
    schemaPrisma,
    snapshot: options.snapshot ?? makeTemplateSnapshots(adminUrl),
    log: options.logger,
  });
  return { service, ...result };
};
