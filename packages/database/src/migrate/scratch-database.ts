import { type Secret } from '@quittance/kernel';
import { type Client } from 'pg';

import { dropDatabase, onDatabase, quote, withClient } from './admin-client.ts';
import { type Migration } from './migration.ts';

export interface ScratchOptions {
  readonly adminUrl: Secret;
  readonly database: string;
  readonly migrations: readonly Migration[];
}

/** Lends a throw-away database made by the migrations alone; dropped afterwards, also when `run` fails. */
export const withScratchDatabase = async <T>(
  admin: Client,
  options: ScratchOptions,
  run: (scratch: Client, url: Secret) => Promise<T>,
): Promise<T> => {
  const name = `${options.database}_scratch_${String(process.pid)}`;
  await dropDatabase(admin, name);
  await admin.query(`CREATE DATABASE ${quote.name(name)} TEMPLATE template0 ENCODING 'UTF8'`);
  try {
    const url = onDatabase(options.adminUrl, name);
    return await withClient(url, async (client) => {
      // One simple query each, as the schema engine runs them.
      for (const migration of options.migrations) await client.query(migration.sql);
      return run(client, url);
    });
  } finally {
    await dropDatabase(admin, name);
  }
};
