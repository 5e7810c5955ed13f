import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

import { diffSchema } from '@quittance/database';
import { Secret } from '@quittance/kernel';
import { testDatabaseServer } from '@quittance/testkit';
import { expect } from 'chai';
import { Client } from 'pg';

import { databaseNameOf, STORING_SERVICES, withDatabase } from '../src/databases.ts';
import { dropDatabases, dropRoles } from '../src/ensure-databases.ts';
import { readServiceSchema } from '../src/migrate-services.ts';

const COMMAND = resolve(import.meta.dirname, '../src/migrate.ts');

describe('pnpm migrate', () => {
  const databasePrefix = `qtm${randomBytes(3).toString('hex')}`;
  let adminUrl: string;
  before(async () => {
    ({ adminUrl } = await testDatabaseServer());
  });
  after(async () => {
    await dropDatabases({ adminUrl, databasePrefix });
    await dropRoles({ adminUrl, databasePrefix });
  });

  const migrate = (...args: readonly string[]) => migrateAt(adminUrl, ...args);
  const migrateAt = (
    url: string,
    ...args: readonly string[]
  ): Promise<{ readonly code: number | null; readonly said: string }> =>
    new Promise((done, reject) => {
      const env = {
        ...process.env,
        DATABASE_URL: url,
        SERVICE_DATABASE_PASSWORD: 'p',
        DATABASE_PREFIX: databasePrefix,
      };
      const child = spawn(process.execPath, [COMMAND, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      const said: string[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
      child.on('error', reject);
      child.on('close', (code) => done({ code, said: said.join('') }));
    });
  const inAudit = async (sql: string): Promise<readonly object[]> => {
    const client = new Client({ connectionString: withDatabase(adminUrl, databaseNameOf('audit', databasePrefix)) });
    await client.connect();
    try {
      return (await client.query<object>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  const REFUSED: readonly (readonly [title: string, url: string, says: RegExp])[] = [
    ['no address', 'here', /^DATABASE_URL is no address this can use; .+\n$/],
    ['no server', 'postgresql://me@127.0.0.1:1/postgres', /^PostgreSQL at 127\.0\.0\.1:1 cannot be reached as .+\n$/],
  ];
  for (const [title, url, says] of REFUSED) {
    it(`changes nothing and says why in one sentence: ${title}`, async () => {
      const { code, said } = await migrateAt(url);

      expect(code).to.equal(1);
      expect(said).to.match(says);
    });
  }

  it('makes every database, and the second time changes nothing', async () => {
    const first = await migrate();
    const second = await migrate();

    expect(first.code, first.said).to.equal(0);
    expect(first.said.match(/applied/g)).to.have.length(STORING_SERVICES.length);
    expect(second).to.deep.equal({
      code: 0,
      said: STORING_SERVICES.map((service) => `${service}: up to date\n`).join(''),
    });
  });

  it('puts everything back when a migration fails, says why, and ends with 1', async () => {
    await inAudit(`INSERT INTO platform.inbox VALUES ('audit', 'kept', '2026-03-02')`);
    // Forgotten in the history, the last migration runs again, upon tables that are there already.
    await inAudit(`DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_audit'`);

    const failed = await migrate();

    expect(failed.code).to.equal(1);
    expect(failed.said).to.match(/Migrating \w+_audit failed: \d+_audit: .*already exists/s);
    expect(failed.said).to.include('The earlier state is back');
    expect(failed.said).not.to.include('    at ');
    expect(await inAudit(`SELECT message_id FROM platform.inbox`)).to.deep.equal([{ message_id: 'kept' }]);
    expect(await inAudit(`SELECT result FROM platform.migration_log ORDER BY id DESC LIMIT 1`)).to.deep.equal([
      { result: 'restored' },
    ]);
  });

  it('explains itself when asked for what it does not do', async () => {
    const { code, said } = await migrate('create', 'nobody', 'something');

    expect(code).to.equal(1);
    expect(said).to.include('Usage:');
  });

  for (const service of STORING_SERVICES) {
    it(`${service}’s migrations make what its schema.prisma says`, async () => {
      const { migrations, schemaPrisma } = await readServiceSchema(service);

      expect(await diffSchema({ adminUrl: new Secret(adminUrl), migrations, schemaPrisma })).to.equal(null);
    });
  }
});
