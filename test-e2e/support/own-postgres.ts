import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { type EmbeddedServer, startEmbeddedPostgres } from '@quittance/embedded-postgres';
import { must } from '@quittance/kernel';
import { freeNeighbours } from '@quittance/local';

export interface OwnPostgres {
  readonly adminUrl: string;
  /** kill −9 of the server and every one of its processes. */
  kill(): Promise<void>;
  /** On the same files and port. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** It survives the death of its processes, which is what is tested, and not that of the machine, which would be slower. */
const SETTINGS = { max_connections: '500', shared_buffers: '64MB', fsync: 'off', full_page_writes: 'off' };
const RESTARTS_MAX = 100;
const RESTART_PAUSE_MS = 200;

/** A PostgreSQL that a fault may kill. */
export const startOwnPostgres = async (): Promise<OwnPostgres> => {
  const parent = await mkdtemp(join(tmpdir(), 'quittance-fault-pg-'));
  // The server of a root user runs as another one and must be able to enter.
  await chmod(parent, 0o755);
  const folder = join(parent, 'cluster');
  const port = await freeNeighbours();
  const options = { folder, port, password: 'postgres', settings: SETTINGS, detached: true };
  let server: EmbeddedServer | null = await startEmbeddedPostgres(options);
  return {
    adminUrl: server.adminUrl,
    kill: async () => {
      const { pid } = must(server, 'a running server');
      const children = await childrenOf(pid);
      for (const each of [pid, ...children]) endAtOnce(each);
      await must(server, 'a running server').stop();
      server = null;
    },
    start: async () => {
      server = await startOnceFree(options);
    },
    remove: async () => {
      await server?.stop();
      await rm(parent, { recursive: true, force: true });
    },
  };
};

/** The files are free when the last process of the former server has gone. */
const startOnceFree = async (options: Parameters<typeof startEmbeddedPostgres>[0]): Promise<EmbeddedServer> => {
  for (let attempt = 1; attempt < RESTARTS_MAX; attempt += 1) {
    const server = await startEmbeddedPostgres(options).catch(() => null);
    if (server !== null) return server;
    await pause(RESTART_PAUSE_MS);
  }
  return startEmbeddedPostgres(options);
};

/** What Linux knows; elsewhere they notice the death of their parent by themselves. */
const childrenOf = async (pid: number): Promise<readonly number[]> => {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return listed.split(' ').flatMap((word) => (/^\d+$/.test(word) ? [Number(word)] : []));
};

const endAtOnce = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
};
