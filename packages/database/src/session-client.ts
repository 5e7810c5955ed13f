import { type Secret } from '@quittance/kernel';
import { Client } from 'pg';

/**
 * A connection of its own for what belongs to a session: advisory locks and LISTEN. Both ends notice within seconds
 * when the other is gone, also while the server waits for a lock on this client's behalf. Never through a pooler.
 */
export const makeSessionClient = (url: Secret, applicationName: string): Client =>
  new Client({
    connectionString: url.reveal(),
    application_name: applicationName,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5000,
    options: [
      '-c client_connection_check_interval=1000',
      '-c tcp_keepalives_idle=5',
      '-c tcp_keepalives_interval=2',
      '-c tcp_keepalives_count=3',
    ].join(' '),
  });
