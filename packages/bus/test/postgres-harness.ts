import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type EmbeddedServer, startEmbeddedPostgres } from '@quittance/embedded-postgres';
import { Secret } from '@quittance/kernel';
import { freePort, makeTestDatabase } from '@quittance/testkit';
import pg from 'pg';

import { makePostgresTransport } from '../src/index.ts';
import { type Ground, type Harness, type OwnServer, SHORT_TIERS_MS } from './harness.ts';
import { suiteMessages } from './messages.ts';
import { silent } from './service-fixture.ts';

const LEASE_MS = 1_000;

export interface OwnPostgres extends OwnServer {
  /** Ends it at once: what was only in its memory is gone. */
  crash(): Promise<void>;
}

export const makeOwnPostgres = async (): Promise<OwnPostgres> => {
  const parent = await mkdtemp(join(tmpdir(), 'quittance-bus-pg-'));
  await chmod(parent, 0o755);
  const port = await freePort();
  const start = (): Promise<EmbeddedServer> =>
    startEmbeddedPostgres({
      folder: join(parent, 'cluster'),
      port,
      password: 'postgres',
      settings: { unix_socket_directories: '' },
    });
  let server = await start();
  return {
    makeGround: async () => groundOn(server.adminUrl, async () => undefined),
    stop: () => server.stop(),
    crash: async () => {
      process.kill(server.pid, 'SIGQUIT');
      await server.stop();
    },
    start: async () => {
      server = await start();
    },
    remove: async () => {
      await server.stop();
      await rm(parent, { recursive: true, force: true });
    },
  };
};

export const postgresHarness: Harness = {
  name: 'PostgreSQL',
  makeGround: async () => {
    const database = await makeTestDatabase({ empty: true });
    return groundOn(database.ownerUrl, () => database.drop());
  },
  makeOwnServer: makeOwnPostgres,
};

const groundOn = (url: string, clear: () => Promise<void>): Ground => ({
  makeTransport: ({ retryTiersMs = SHORT_TIERS_MS, messages = suiteMessages, proxyPort } = {}) => {
    const reached = new URL(url);
    if (proxyPort !== undefined) reached.host = `127.0.0.1:${String(proxyPort)}`;
    return makePostgresTransport({
      url: new Secret(reached.href),
      retryTiersMs,
      messages,
      logger: silent,
      leaseMs: LEASE_MS,
    });
  },
  putBytes: async (service, { messageId, body }) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const sql = `INSERT INTO bus.delivery (queue, message_id, type, body) VALUES ($1, $2, 'thing.changed.v1', $3)`;
    await client.query(sql, [service, messageId, body]);
    await client.end();
  },
  child: { kind: 'postgres', url, prefix: '', leaseMs: LEASE_MS },
  server: { host: new URL(url).hostname, port: Number(new URL(url).port || 5432) },
  clear,
});
