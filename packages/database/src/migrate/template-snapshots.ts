import { type Secret } from '@quittance/kernel';

import { dropDatabase, endSessions, quote, withClient } from './admin-client.ts';
import { type SnapshotPort, snapshotPrefix } from './snapshot-port.ts';

/**
 * Snapshots as copies beside the database on the same server (`CREATE DATABASE … TEMPLATE …`): fast and without any
 * tool, for one machine. They share the server's disk, so they are no backup against losing it.
 */
export const makeTemplateSnapshots = (adminUrl: Secret): SnapshotPort => ({
  kind: 'template database',
  take: (database, snapshot) =>
    withClient(adminUrl, async (admin) => {
      const source = quote.name(database);
      // A copy needs a source without sessions, also without an administrator's.
      await admin.query(`ALTER DATABASE ${source} ALLOW_CONNECTIONS false`);
      try {
        await endSessions(admin, database);
        await admin.query(`CREATE DATABASE ${quote.name(snapshot)} TEMPLATE ${source} ALLOW_CONNECTIONS false`);
      } finally {
        await admin.query(`ALTER DATABASE ${source} ALLOW_CONNECTIONS true`);
      }
    }),
  materialize: (snapshot, into) =>
    withClient(adminUrl, async (admin) => {
      await admin.query(`CREATE DATABASE ${quote.name(into)} TEMPLATE ${quote.name(snapshot)}`);
    }),
  list: (database) =>
    withClient(adminUrl, async (admin) => {
      const sql = 'SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname DESC';
      const found = await admin.query<{ datname: string }>(sql, [snapshotPrefix(database)]);
      return found.rows.map((row) => row.datname);
    }),
  remove: (snapshot) => withClient(adminUrl, (admin) => dropDatabase(admin, snapshot)),
});
