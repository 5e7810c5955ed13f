import { Secret } from '@quittance/kernel';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** Connects, runs and disconnects. A connection that breaks meanwhile rejects the query that runs on it. */
export const withClient = async <T>(url: Secret, run: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url.reveal(), application_name: 'quittance-migrate', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
};

/** The same server and user, another database. */
export const onDatabase = (url: Secret, database: string): Secret => {
  const changed = new URL(url.reveal());
  changed.pathname = `/${database}`;
  return new Secret(changed.href);
};

/** The same server, the service's own role and database. */
export const asRole = (
  url: Secret,
  database: string,
  login: { readonly role: string; readonly password: Secret },
): Secret => {
  const changed = new URL(onDatabase(url, database).reveal());
  changed.username = encodeURIComponent(login.role);
  changed.password = encodeURIComponent(login.password.reveal());
  return new Secret(changed.href);
};

export const databaseExists = async (admin: Client, database: string): Promise<boolean> => {
  const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  return found.rowCount === 1;
};

export const dropDatabase = async (admin: Client, database: string): Promise<void> => {
  await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`);
};

/** Ends every session on the database and waits until they are gone. */
export const endSessions = async (admin: Client, database: string): Promise<void> => {
  const sql =
    'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()';
  await admin.query(sql, [database]);
};

/** DDL takes no parameters: names and texts are quoted here. */
export const quote = { name: escapeIdentifier, text: escapeLiteral };
