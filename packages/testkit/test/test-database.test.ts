import { expect } from 'chai';
import pg from 'pg';

import { makeTestDatabase, startEmbeddedServer, waitFor } from '../src/index.ts';

const ask = async (url: string, sql: string): Promise<readonly unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

describe('makeTestDatabase', () => {
  it('gives every caller a private database, and takes it away again', async () => {
    const first = await makeTestDatabase({ empty: true });
    const second = await makeTestDatabase({ empty: true });

    await ask(first.ownerUrl, 'CREATE TABLE thing (id text)');

    expect(await ask(second.ownerUrl, "SELECT to_regclass('thing') AS found")).to.deep.equal([{ found: null }]);
    await first.drop();
    expect(await ask(second.ownerUrl, `SELECT datname FROM pg_database WHERE datname = '${first.name}'`)).to.deep.equal(
      [],
    );
  });

  it('lets the service role read and not create', async () => {
    const database = await makeTestDatabase({ empty: true });

    expect(await ask(database.serviceUrl, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    const refused: unknown = await ask(database.serviceUrl, 'CREATE TABLE thing (id text)').catch(
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(pg.DatabaseError);
  });

  it('makes the platform’s tables with the rights a service has in production', async () => {
    const database = await makeTestDatabase({ platform: true });

    expect(await ask(database.serviceUrl, 'SELECT 1 FROM platform.outbox')).to.deep.equal([]);
    const refused: unknown = await ask(database.serviceUrl, 'DROP TABLE platform.outbox').catch(
      (error: unknown) => error,
    );
    expect(refused).to.be.instanceOf(pg.DatabaseError);
  });
});

describe('startEmbeddedServer', () => {
  it('starts PostgreSQL from npm with room for many connections, and stops it', async () => {
    const server = await startEmbeddedServer();

    expect(await ask(server.adminUrl, 'SHOW max_connections')).to.deep.equal([{ max_connections: '300' }]);
    await server.stop();

    const refused = await waitFor(
      () =>
        ask(server.adminUrl, 'SELECT 1').then(
          () => null,
          () => true,
        ),
      { what: 'the server to be gone' },
    );
    expect(refused).to.equal(true);
  }).timeout(60_000);
});
