import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '@quittance/embedded-postgres';

import { atEnd } from './at-end.ts';
import { freePort } from './free-port.ts';

export interface TestDatabaseServer {
  /** A superuser's URL of the maintenance database. */
  readonly adminUrl: string;
}

export interface StartedServer extends TestDatabaseServer {
  stop(): Promise<void>;
}

let server: Promise<TestDatabaseServer> | null = null;

/**
 * The PostgreSQL server of this test run: TEST_DATABASE_URL when it is set, otherwise an embedded one in a temporary
 * folder, started once per process and stopped when mocha ends.
 */
export const testDatabaseServer = (): Promise<TestDatabaseServer> => {
  server ??= findServer();
  return server;
};

const findServer = async (): Promise<TestDatabaseServer> => {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { adminUrl: given };
  const started = await startEmbeddedServer();
  atEnd(() => started.stop());
  return { adminUrl: started.adminUrl };
};

/** Tests lose nothing when the power goes, so the server need not wait for the disk. */
const TEST_SETTINGS = {
  listen_addresses: '127.0.0.1',
  max_connections: '300',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Starts PostgreSQL from the npm package in a fresh temporary folder; `stop` ends it and removes the folder. */
export const startEmbeddedServer = async (): Promise<StartedServer> => {
  const parent = await mkdtemp(join(tmpdir(), 'quittance-test-pg-'));
  // The server of a root user runs as another one and must be able to enter.
  await chmod(parent, 0o755);
  const remove = (): Promise<void> => rm(parent, { recursive: true, force: true });
  try {
    const { adminUrl, stop } = await startEmbeddedPostgres({
      folder: join(parent, 'cluster'),
      port: await freePort(),
      password: 'postgres',
      settings: { ...TEST_SETTINGS, unix_socket_directories: '' },
    });
    return {
      adminUrl,
      stop: async () => {
        await stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw new Error('The test PostgreSQL did not start.', { cause: error });
  }
};
