export { asRole, onDatabase } from './migrate/admin-client.ts';
export { diffSchema } from './migrate/diff-schema.ts';
export { canDump, makeDumpSnapshots } from './migrate/dump-snapshots.ts';
export { migrateDatabase, type MigrationResult } from './migrate/migrate-database.ts';
export { type MigrateOptions } from './migrate/migrate-options.ts';
export { MigrationFailed } from './migrate/migration-failed.ts';
export { type Migration, readMigrations } from './migrate/migration.ts';
export { type SnapshotPort } from './migrate/snapshot-port.ts';
export { makeTemplateSnapshots } from './migrate/template-snapshots.ts';
export { type OutboxEnvelope, type OutgoingMessageLike } from './build-envelope.ts';
export { type DatabaseDeadLetterStore, makeDeadLetterStore } from './dead-letter-store.ts';
export { type DatabaseIdempotencyStore, makeIdempotencyStore } from './idempotency-store.ts';
export { type DatabaseInboxStore, makeInboxStore } from './inbox-store.ts';
export { listen, type Listening, type ListenOptions } from './listen.ts';
export { type Database, type DatabaseOptions, openDatabase, type PrismaClientLike } from './open-database.ts';
export {
  type DatabaseOutboxLeadership,
  type DatabaseOutboxRow,
  type DatabaseOutboxStore,
  makeOutboxStore,
  type OutboxStoreOptions,
} from './outbox-store.ts';
export { type Ask, type Pipeline } from './pipeline.ts';
export { purgePlatformTables, type RetentionOptions } from './retention.ts';
export { makeRowWaiter, type RowWaiter, type RowWaiterOptions } from './row-waiter.ts';
export { columnsOf, insertRows, type RowQuery, selectFrom, updateRow } from './rows.ts';
export { guarded, lostRace, type Statement, statementWrite } from './statement.ts';
export { hasSqlState, toPlatformError } from './to-platform-error.ts';
export { type DatabaseUnitOfWork, makeUnitOfWork, type StoredMessage, type UnitOfWorkOptions } from './unit-of-work.ts';
export { nextVersion, type RawTransaction, versionedUpdate, write } from './write.ts';
