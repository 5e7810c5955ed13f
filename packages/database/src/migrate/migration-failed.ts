import { type Secret, toError } from '@quittance/kernel';

import { onDatabase, withClient } from './admin-client.ts';

/** The database is as it was before; the message says what failed, for the person who ran the migration. */
export class MigrationFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationFailed';
  }
}

/** What went wrong in one line or a list: the migration's name and PostgreSQL's sentence, without the engine's trace. */
export const reasonOf = async (
  thrown: unknown,
  where: { readonly adminUrl: Secret; readonly database: string },
): Promise<string> => {
  const error = toError(thrown);
  if (error instanceof MigrationFailed) return error.message;
  const said = error.message.replace(/\n {3}0: [^]*$/, '').replace(/^external connector error\n/, '');
  const failed = await unfinishedMigration(where).catch(() => null);
  return failed === null ? said : `${failed}: ${said}`;
};

const unfinishedMigration = (where: { readonly adminUrl: Secret; readonly database: string }): Promise<string | null> =>
  withClient(onDatabase(where.adminUrl, where.database), async (client) => {
    const found = await client.query<{ migration_name: string }>(
      'SELECT migration_name FROM public._prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL LIMIT 1',
    );
    return found.rows[0]?.migration_name ?? null;
  });
