import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Secret } from '@quittance/kernel';
import { testDatabaseServer } from '@quittance/testkit';
import { expect } from 'chai';
import { Client } from 'pg';

import {
  asRole,
  canDump,
  diffSchema,
  makeDumpSnapshots,
  makeTemplateSnapshots,
  migrateDatabase,
  type Migration,
  type MigrateOptions,
  MigrationFailed,
  onDatabase,
  readMigrations,
  type SnapshotPort,
} from '../src/index.ts';
import { silent } from './fixture.ts';

const SCHEMA = `
datasource db {
  provider = "postgresql"
}
model Thing {
  id    String @id
  price BigInt
  @@map("things")
}
`;

const FIRST: Migration = {
  name: '20261110000000_things',
  sql: `
    CREATE TABLE things (id TEXT NOT NULL, price BIGINT NOT NULL CHECK (price >= 0), CONSTRAINT things_pkey PRIMARY KEY (id));
    CREATE TABLE facts (id TEXT PRIMARY KEY);
    COMMENT ON TABLE facts IS 'append-only';
    CREATE INDEX things_dear_idx ON things (price) WHERE price > 100;`,
};

const SECOND: Migration = {
  name: '20261111000000_names',
  sql: `ALTER TABLE things ADD COLUMN name TEXT; UPDATE things SET name = id;`,
};

/** Halfway through it fails: what its first statements did must be gone. */
const FAILING: Migration = {
  name: '20261112000000_failing',
  sql: `DELETE FROM things; ALTER TABLE things DROP COLUMN price; ALTER TABLE no_such_table ADD COLUMN x INT;`,
};

/** Two transactions in one file: the first is committed when the second fails, so only the snapshot can help. */
const FAILING_LATE: Migration = {
  name: '20261112000000_failing_late',
  sql: `BEGIN; DELETE FROM things; COMMIT; BEGIN; ALTER TABLE no_such_table ADD COLUMN x INT; COMMIT;`,
};

describe('migrateDatabase', () => {
  let adminUrl: Secret;
  let platform: readonly Migration[];
  let database: string;
  let role: string;

  before(async () => {
    const server = await testDatabaseServer();
    adminUrl = new Secret(server.adminUrl);
    platform = await readMigrations(null);
  });
  beforeEach(() => {
    database = `qt_mig_${randomBytes(4).toString('hex')}`;
    role = `${database}_role`;
  });
  afterEach(async () => {
    await query(adminUrl, async (client) => {
      const sql = 'SELECT datname FROM pg_database WHERE starts_with(datname, $1)';
      const found = await client.query<{ datname: string }>(sql, [database]);
      for (const row of found.rows) await client.query(`DROP DATABASE IF EXISTS ${row.datname} WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${role}`);
    });
  });

  const options = (migrations: readonly Migration[], changes: Partial<MigrateOptions> = {}): MigrateOptions => ({
    adminUrl,
    database,
    role,
    rolePassword: new Secret('pass'),
    migrations: [...platform, ...migrations],
    schemaPrisma: SCHEMA,
    snapshot: makeTemplateSnapshots(adminUrl),
    log: silent,
    ...changes,
  });
  const rows = (sql: string, url = onDatabase(adminUrl, database)): Promise<readonly object[]> =>
    query(url, async (client) => (await client.query<object>(sql)).rows);
  const serviceUrl = () => asRole(adminUrl, database, { role, password: new Secret('pass') });
  const failure = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'nothing failed',
      (error: unknown) =>
        error instanceof MigrationFailed ? error.message : `not a MigrationFailed: ${String(error)}`,
    );

  it('creates a database, gives the role its rights and no more, and is a no-op the second time', async () => {
    const first = await migrateDatabase(options([FIRST]));
    const startedAt = performance.now();
    const second = await migrateDatabase(options([FIRST]));
    const noOpMs = performance.now() - startedAt;

    expect(first.applied).to.deep.equal([...platform, FIRST].map((migration) => migration.name));
    expect(second).to.deep.equal({ applied: [], snapshot: null });
    expect(noOpMs).to.be.lessThan(200);
    await query(serviceUrl(), async (client) => {
      await client.query(`INSERT INTO things VALUES ('a', 1)`);
      await client.query(`UPDATE things SET price = 2`);
      await client.query(`INSERT INTO facts VALUES ('f')`);
      await client.query(`INSERT INTO platform.inbox VALUES ('c', 'm', '2026-01-01')`);
      for (const refused of [
        `DELETE FROM facts`,
        `UPDATE facts SET id = 'g'`,
        `TRUNCATE things`,
        `CREATE TABLE mine (id INT)`,
        `DROP TABLE things`,
        `SELECT * FROM _prisma_migrations`,
      ]) {
        const error: unknown = await client.query(refused).catch((thrown: unknown) => thrown);
        expect(error, refused).to.include({ code: '42501' });
      }
    });
    expect(await rows('SELECT actor, result, snapshot FROM platform.migration_log')).to.deep.equal([
      { actor: 'system', result: 'succeeded', snapshot: null },
    ]);
  });

  it('lets nobody else in', async () => {
    await migrateDatabase(options([FIRST]));
    const stranger = `${database}_other`;
    await rows(`CREATE ROLE ${stranger} LOGIN PASSWORD 'x'`);

    const error: unknown = await query(
      asRole(adminUrl, database, { role: stranger, password: new Secret('x') }),
      (client) => client.query('SELECT 1'),
    ).catch((thrown: unknown) => thrown);

    await rows(`DROP ROLE ${stranger}`);
    expect(error).to.include({ code: '42501' });
  });

  it('takes a snapshot before it changes a database, and keeps the last ones', async () => {
    const third: Migration = { name: '20261112000000_third', sql: 'CREATE TABLE third (id INT);' };
    await migrateDatabase(options([FIRST]));

    const first = await migrateDatabase(options([FIRST, SECOND], { snapshotsKept: 1 }));
    const snapshots = makeTemplateSnapshots(adminUrl);
    expect(await snapshots.list(database)).to.deep.equal([first.snapshot]);
    const second = await migrateDatabase(options([FIRST, SECOND, third], { snapshotsKept: 1 }));

    expect(await snapshots.list(database)).to.deep.equal([second.snapshot]);
    expect(await rows('SELECT snapshot FROM platform.migration_log ORDER BY id')).to.deep.equal([
      { snapshot: null },
      { snapshot: first.snapshot },
      { snapshot: second.snapshot },
    ]);
  });

  for (const failing of [FAILING, FAILING_LATE]) {
    it(`restores schema and data when ${failing.name} fails, and says so`, async () => {
      await migrateDatabase(options([FIRST]));
      await rows(`INSERT INTO things VALUES ('a', 1)`, serviceUrl());

      const message = await failure(migrateDatabase(options([FIRST, SECOND, failing])));

      expect(message).to.include(failing.name);
      expect(message).to.include('no_such_table');
      expect(message).to.include('The earlier state is back');
      expect(await rows('SELECT * FROM things', serviceUrl())).to.deep.equal([{ id: 'a', price: '1' }]);
      expect(await rows('SELECT migration_name FROM _prisma_migrations')).to.have.length(platform.length + 1);
      expect(await rows('SELECT result, migrations FROM platform.migration_log ORDER BY id')).to.deep.include({
        result: 'restored',
        migrations: [SECOND.name, failing.name],
      });
    });
  }

  it('goes on from the restored state once the migration is corrected', async () => {
    await migrateDatabase(options([FIRST]));
    await failure(migrateDatabase(options([FIRST, FAILING])));

    const result = await migrateDatabase(options([FIRST, SECOND]));

    expect(result.applied).to.deep.equal([SECOND.name]);
  });

  it('leaves no database behind when its first migration fails', async () => {
    const message = await failure(migrateDatabase(options([FIRST, FAILING])));

    expect(message).to.include('It was removed again');
    expect(await rows(`SELECT 1 FROM pg_database WHERE datname = '${database}'`, adminUrl)).to.deep.equal([]);
  });

  it('names everything that was changed by hand, and migrates nothing', async () => {
    await migrateDatabase(options([FIRST]));
    await rows(`
      CREATE INDEX by_hand ON facts (id) WHERE id > 'm';
      DROP INDEX things_dear_idx; CREATE INDEX things_dear_idx ON things (price) WHERE price > 99;
      CREATE TRIGGER by_hand BEFORE DELETE ON things FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_change();
      ALTER TABLE platform.migration_log DISABLE TRIGGER ALL;
      GRANT SELECT ON things TO pg_monitor;
      ALTER TABLE things DROP CONSTRAINT things_price_check;
      ALTER TABLE things ALTER price SET DEFAULT 5;
      CREATE OR REPLACE FUNCTION platform.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
      COMMENT ON TABLE things IS 'mine'`);

    const message = await failure(migrateDatabase(options([FIRST, SECOND])));

    for (const named of [
      'index public.by_hand exists, but no migration makes it',
      'index public.things_dear_idx is «',
      'trigger by_hand on public.things exists',
      'trigger migration_log_append_only on platform.migration_log is «',
      'grant on table public.things to pg_monitor exists',
      'constraint things_price_check on public.things is missing',
      'column public.things.price is «bigint NOT NULL DEFAULT 5»',
      'function platform.refuse_change() is «',
      'comment on table things exists',
    ]) {
      expect(message).to.include(named);
    }
    expect(message.split('\n- ')).to.have.length(10);
    expect(await rows(`SELECT 1 FROM _prisma_migrations WHERE migration_name = '${SECOND.name}'`)).to.deep.equal([]);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await migrateDatabase(options([FIRST]));

    const message = await failure(migrateDatabase(options([{ ...FIRST, sql: `${FIRST.sql} ` }])));

    expect(message).to.include(`${FIRST.name} was edited`);
  });

  it('lets an older release run on a newer schema', async () => {
    await migrateDatabase(options([FIRST, SECOND]));

    expect(await migrateDatabase(options([FIRST]))).to.deep.equal({ applied: [], snapshot: null });
  });

  it('undoes a run that was killed in the middle, then does it again', async () => {
    await migrateDatabase(options([FIRST]));
    await rows(`INSERT INTO things VALUES ('a', 1)`, serviceUrl());
    const killed = new Error('killed');
    const template = makeTemplateSnapshots(adminUrl);
    const dying: SnapshotPort = {
      ...template,
      materialize: () => Promise.reject(killed),
    };
    const message = await failure(migrateDatabase(options([FIRST, FAILING_LATE], { snapshot: dying })));
    expect(message).to.include('Restoring the snapshot failed too');
    const shut: unknown = await rows('SELECT 1', serviceUrl()).catch((error: unknown) => error);
    expect(shut).to.include({ code: '42501' });

    const result = await migrateDatabase(options([FIRST, SECOND]));

    expect(result.applied).to.deep.equal([SECOND.name]);
    expect(await rows('SELECT id, name FROM things', serviceUrl())).to.deep.equal([{ id: 'a', name: 'a' }]);
  });

  it('migrates once when two start at the same time', async () => {
    const results = await Promise.all([migrateDatabase(options([FIRST])), migrateDatabase(options([FIRST]))]);

    expect(results.filter((result) => result.applied.length > 0)).to.have.length(1);
  });

  it('ends the sessions of services while it works', async () => {
    await migrateDatabase(options([FIRST]));
    const service = new Client({ connectionString: serviceUrl().reveal() });
    const ended = new Promise<Error>((done) => service.on('error', done));
    await service.connect();

    await migrateDatabase(options([FIRST, SECOND]));

    expect(await ended).to.be.instanceOf(Error);
  });

  it('restores from a pg_dump archive where pg_dump suits the server, and else changes nothing', async () => {
    const searchPath = process.env['PATH'] ?? '';
    const folder = await mkdtemp(join(tmpdir(), 'quittance-dumps-'));
    const snapshot = makeDumpSnapshots({ adminUrl, folder, searchPath });
    await migrateDatabase(options([FIRST]));
    await rows(`INSERT INTO things VALUES ('a', 1)`, serviceUrl());

    const message = await failure(migrateDatabase(options([FIRST, FAILING_LATE], { snapshot })));

    expect(message).to.include(
      (await canDump({ adminUrl, searchPath })) ? 'The earlier state is back' : 'no snapshot could be taken (pg_dump',
    );
    expect(await rows('SELECT * FROM things', serviceUrl())).to.deep.equal([{ id: 'a', price: '1' }]);
    await rm(folder, { recursive: true });
  });

  it('writes the next migration from schema.prisma', async () => {
    const grown = SCHEMA.replace('price BigInt', 'price BigInt\n  colour String?');

    const unchanged = await diffSchema({ adminUrl, migrations: [...platform, FIRST], schemaPrisma: SCHEMA });
    const sql = await diffSchema({ adminUrl, migrations: [...platform, FIRST], schemaPrisma: grown });

    expect(sql).to.include('ALTER TABLE "things" ADD COLUMN     "colour" TEXT');
    expect(unchanged).to.include('DROP TABLE "facts"');
  });
});

const query = async <T>(url: Secret, run: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url.reveal() });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
};
