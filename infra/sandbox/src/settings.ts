import { type SandboxDatabase } from './database.ts';

/** One remembered value. Readers validate: the row may be from an older version. */
export const readSetting = async (database: SandboxDatabase, name: string): Promise<unknown> => {
  const rows = await database.query<{ value: unknown }>('SELECT value FROM sandbox_settings WHERE name = $1', [name]);
  return rows[0]?.value;
};

export const writeSetting = async (database: SandboxDatabase, name: string, value: unknown): Promise<void> => {
  await database.query(
    'INSERT INTO sandbox_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [name, JSON.stringify(value)],
  );
};
