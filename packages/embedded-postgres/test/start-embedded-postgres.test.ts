import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '@quittance/testkit';
import { expect } from 'chai';
import pg from 'pg';

import { EmbeddedPostgresFailed, reachableFolder, startEmbeddedPostgres } from '../src/index.ts';

const ask = async (url: string, sql: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

describe('startEmbeddedPostgres', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quittance-embedded-'));
    await chmod(folder, 0o755);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps what was written, over a stop and a start', async () => {
    const options = {
      folder: join(folder, 'cluster'),
      password: 'a b/c',
      settings: { max_connections: '20' },
    };
    const first = await startEmbeddedPostgres({ ...options, port: await freePort() });
    await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();

    const second = await startEmbeddedPostgres({ ...options, port: await freePort() });

    expect(await ask(second.adminUrl, 'SELECT one FROM kept')).to.deep.equal([{ one: 1 }]);
    expect(await ask(second.adminUrl, 'SHOW max_connections')).to.deep.equal([{ max_connections: '20' }]);
    await second.stop();
  }).timeout(60_000);

  it('starts for root in a folder that others cannot enter', async () => {
    await chmod(folder, 0o700);
    const cluster = reachableFolder(join(folder, 'cluster'));

    const server = await startEmbeddedPostgres({
      folder: cluster,
      port: await freePort(),
      password: 'postgres',
      settings: {},
    });

    expect(await ask(server.adminUrl, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await server.stop();
    await rm(cluster, { recursive: true, force: true });
  }).timeout(60_000);

  it('says in PostgreSQL’s words why it cannot start', async () => {
    const failed: unknown = await startEmbeddedPostgres({
      folder: join(folder, 'cluster'),
      port: await freePort(),
      password: 'postgres',
      settings: { no_such_setting: 'on' },
    }).catch((error: unknown) => error);

    expect(failed).to.be.instanceOf(EmbeddedPostgresFailed);
    expect(failed).to.have.property('message').that.includes('no_such_setting');
  }).timeout(60_000);
});

describe('reachableFolder', () => {
  it('is the folder that is wanted, unless root alone could enter it', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'quittance-closed-'));
    await mkdir(join(closed, 'inner'));
    const wanted = join(closed, 'inner/cluster');
    const isRoot = process.getuid?.() === 0;

    expect(reachableFolder(wanted).startsWith('/var/lib/quittance/')).to.equal(isRoot);
    await chmod(closed, 0o755);
    expect(reachableFolder(wanted)).to.equal(wanted);
    await rm(closed, { recursive: true, force: true });
  });
});
