/** A safety copy of one database, taken before it is migrated. The database has no other sessions meanwhile. */
export interface SnapshotPort {
  /** Whoever reads the log learns where the copy is, e.g. 'template database'. */
  readonly kind: string;
  take(database: string, snapshot: string): Promise<void>;
  /** Builds a new database `into` from the snapshot; `into` does not exist yet. The snapshot stays. */
  materialize(snapshot: string, into: string): Promise<void>;
  /** Newest first. */
  list(database: string): Promise<readonly string[]>;
  remove(snapshot: string): Promise<void>;
}

/** Sorts by age. `nowMs` is wall time. */
export const snapshotName = (database: string, nowMs: number): string =>
  `${snapshotPrefix(database)}${new Date(nowMs).toISOString().replaceAll(/\D/g, '')}`;

export const snapshotPrefix = (database: string): string => `${database}_snap_`;
