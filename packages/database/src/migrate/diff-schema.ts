import { type Secret } from '@quittance/kernel';

import { withClient } from './admin-client.ts';
import { type Migration } from './migration.ts';
import { openSchemaEngine } from './schema-engine.ts';
import { withScratchDatabase } from './scratch-database.ts';

export interface DiffOptions {
  readonly adminUrl: Secret;
  readonly schemaPrisma: string;
  /** Those that exist already. */
  readonly migrations: readonly Migration[];
}

/** The SQL of a new migration that takes what the migrations make to what schema.prisma says; null when nothing is missing. */
export const diffSchema = (options: DiffOptions): Promise<string | null> =>
  withClient(options.adminUrl, (admin) =>
    withScratchDatabase(admin, { ...options, database: 'quittance_diff' }, async (_scratch, url) => {
      const engine = await openSchemaEngine({ url, schemaPrisma: options.schemaPrisma });
      try {
        return await engine.diff();
      } finally {
        await engine.close();
      }
    }),
  );
