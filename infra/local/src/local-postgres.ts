import {
  EmbeddedPostgresFailed,
  type EmbeddedServer,
  startEmbeddedPostgres,
  UnsupportedPlatform,
} from '@quittance/embedded-postgres';

import { stopOrphan } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { LocalError } from './local-error.ts';

/** Durable on purpose: fsync stays on, so that a killed suite finds everything it confirmed. */
const SETTINGS = { max_connections: '300', shared_buffers: '64MB' };

/** Starts PostgreSQL from its npm package on a free loopback port, and initialises the cluster the first time. */
export const startLocalPostgres = async (clusterPath: string, password: string): Promise<EmbeddedServer> => {
  await stopOrphan(clusterPath);
  try {
    const port = await freePort();
    // Detached: Ctrl-C reaches the whole terminal, and the services still need their database while they stop.
    return await startEmbeddedPostgres({ folder: clusterPath, port, password, settings: SETTINGS, detached: true });
  } catch (error) {
    if (error instanceof EmbeddedPostgresFailed || error instanceof UnsupportedPlatform) {
      throw new LocalError(error.message, { cause: error });
    }
    throw error;
  }
};
