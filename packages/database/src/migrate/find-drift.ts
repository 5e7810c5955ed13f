import { type Secret } from '@quittance/kernel';
import { type Client } from 'pg';

import { onDatabase, withClient } from './admin-client.ts';
import { compareCatalogues, readCatalogue } from './catalogue.ts';
import { grantObjects } from './grants.ts';
import { type Migration } from './migration.ts';
import { withScratchDatabase } from './scratch-database.ts';

export interface DriftOptions {
  readonly adminUrl: Secret;
  readonly database: string;
  readonly role: string;
  readonly migrations: readonly Migration[];
}

/**
 * How the database differs from a scratch one made by the same migrations and grants: tables, columns, indexes with
 * their predicates, checks, triggers, functions, grants, comments. One sentence each; empty when it does not.
 */
export const findDrift = (admin: Client, options: DriftOptions): Promise<readonly string[]> =>
  withScratchDatabase(admin, options, async (scratch) => {
    await grantObjects(scratch, options.role);
    const expected = await readCatalogue(scratch);
    const actual = await withClient(onDatabase(options.adminUrl, options.database), readCatalogue);
    return compareCatalogues(actual, expected);
  });
