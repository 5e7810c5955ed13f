import { type Secret } from '@quittance/kernel';
import { Client, DatabaseError } from 'pg';

/** A connection of its own for what belongs to a session: advisory locks and LISTEN. Never through a pooler. */
export const makeSessionClient = (url: Secret, applicationName: string): Client =>
  new Client({
    connectionString: url.reveal(),
    application_name: applicationName,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
  });

/**
 * Connects, and lets the server notice within seconds that this client is gone, also while it waits for a lock on its
 * behalf. What a platform cannot do (Windows has none of it) is left out.
 */
export const connectSession = async (client: Client): Promise<void> => {
  await client.connect();
  for (const [name, value] of SESSION) {
    await client.query('SELECT set_config($1, $2, false)', [name, value]).catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
    });
  }
};

const SESSION = [
  ['client_connection_check_interval', '1000'],
  ['tcp_keepalives_idle', '5'],
  ['tcp_keepalives_interval', '2'],
  ['tcp_keepalives_count', '3'],
] as const;
