import { type Secret, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type Migration } from './migration.ts';
import { type SnapshotPort } from './snapshot-port.ts';

export interface MigrateOptions {
  /** A superuser's (or the databases' owner's) connection to the maintenance database. */
  readonly adminUrl: Secret;
  readonly database: string;
  /** The service's own login; gets what it needs on this database and nothing else. */
  readonly role: string;
  readonly rolePassword: Secret;
  /** Platform and service migrations, sorted by name (`readMigrations`). */
  readonly migrations: readonly Migration[];
  readonly schemaPrisma: string;
  readonly snapshot: SnapshotPort;
  readonly log: Logger;
  readonly wallClock?: WallClock;
  /** How many snapshots of this database stay. Default 3. */
  readonly snapshotsKept?: number;
}
