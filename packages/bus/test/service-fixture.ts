import { Envelope, type IncomingMessage } from '@quittance/contracts';
import { makeDeadLetterStore, makeInboxStore, makeOutboxStore } from '@quittance/database';
import { makeNewId, Secret, type Write } from '@quittance/kernel';
import { makeLogger, makeMetrics, requireOperation } from '@quittance/runtime';
import { makeTestDatabase } from '@quittance/testkit';
import pg from 'pg';

import {
  type Binding,
  type Consumer,
  makeConsumer,
  makeRelay,
  on,
  type OutboxRow,
  type Relay,
  type Transport,
} from '../src/index.ts';
import { ThingChanged } from './messages.ts';

const wallClock = { nowMs: () => Date.now() };

export const silent = makeLogger({ service: 'bus-test', level: 'silent' });

export type Thing = {
  readonly subject: string;
  readonly version: string;
  readonly state: string;
  readonly effects: number;
};

/** The service `invoicing`, as far as the bus can see it: a real database with outbox, inbox and dead letters. */
export const makeServiceFixture = async () => {
  const testDatabase = await makeTestDatabase({ platform: true });
  const opened = openService(testDatabase.ownerUrl);
  await opened.pool.query(
    'CREATE TABLE thing (subject text PRIMARY KEY, version bigint, state text, effects int DEFAULT 1)',
  );
  return {
    ...opened,
    close: async () => {
      await opened.pool.end();
      await testDatabase.drop();
    },
  };
};

/** The same from another process. */
export const openService = (ownerUrl: string) => {
  const url = new Secret(ownerUrl);
  const pool = new pg.Pool({ connectionString: url.reveal(), max: 4 });
  pool.on('error', () => undefined);
  const inbox = makeInboxStore({ pool, wallClock });
  const deadLetters = makeDeadLetterStore({ pool, newId: makeNewId(wallClock.nowMs), wallClock });
  const commit = (work: (client: pg.PoolClient) => Promise<void>): Promise<void> => commitWithEnlisted(pool, work);
  const parts = { service: 'invoicing', logger: silent } as const;
  return {
    ownerUrl,
    pool,
    inbox,
    deadLetters,
    commit,
    /** What a version-driven consumer does: the newest snapshot wins, whatever came before it. */
    applyNewest: on(ThingChanged, (message) => commit((client) => saveNewest(client, message))),
    /** Not idempotent: a message that takes effect twice is seen. */
    countEffects: (messages: readonly IncomingMessage<unknown>[]): Promise<void> =>
      commit((client) => saveEffects(client, messages)),
    things: async (): Promise<readonly Thing[]> =>
      (await pool.query<Thing>('SELECT subject, version, state, effects FROM thing ORDER BY subject')).rows,
    handledCount: async (): Promise<number> => (await pool.query('SELECT 1 FROM platform.inbox')).rowCount ?? 0,
    unsentCount: async (): Promise<number> =>
      (await pool.query('SELECT 1 FROM platform.outbox WHERE sent_at IS NULL')).rowCount ?? 0,
    /** Commits them; what comes back says where they lie. */
    addToOutbox: (envelopes: readonly Envelope[]): Promise<readonly OutboxRow[]> => addToOutbox(pool, envelopes),
    runWrite: (write: Write): Promise<void> => inTransaction(pool, (client) => write.run(asPrisma(client))),
    endRelayConnection: async (applicationName: string): Promise<void> => {
      const sql = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1';
      await pool.query(sql, [applicationName]);
    },
    makeConsumer: (transport: Transport, bindings: readonly Binding[], concurrency = 10): Consumer =>
      makeConsumer({
        ...parts,
        transport,
        inbox,
        deadLetters,
        bindings,
        concurrency,
        metrics: makeMetrics('invoicing'),
      }),
    makeRelay: (transport: Transport, applicationName = 'bus-test-relay'): Relay => {
      const parseEnvelope = (stored: unknown): Envelope => Envelope.parse(stored);
      const outbox = makeOutboxStore({ url, applicationName, parseEnvelope, wallClock, logger: silent });
      return makeRelay({ ...parts, outbox, transport, metrics: makeMetrics('invoicing') });
    },
  };
};

export type ServiceFixture = Awaited<ReturnType<typeof makeServiceFixture>>;

const saveNewest = async (
  client: pg.PoolClient,
  { subject, version, data }: IncomingMessage<{ readonly state: string }>,
): Promise<void> => {
  await client.query(
    `INSERT INTO thing (subject, version, state) VALUES ($1, $2, $3)
     ON CONFLICT (subject) DO UPDATE SET version = $2, state = $3, effects = thing.effects + 1
     WHERE thing.version < $2`,
    [subject, version, data.state],
  );
};

const saveEffects = async (client: pg.PoolClient, messages: readonly IncomingMessage<unknown>[]): Promise<void> => {
  for (const { id } of messages) {
    const sql =
      'INSERT INTO thing (subject) VALUES ($1) ON CONFLICT (subject) DO UPDATE SET effects = thing.effects + 1';
    await client.query(sql, [id]);
  }
};

/** As the unit of work does: the operation's enlisted writes and the effect, together or not at all. */
const commitWithEnlisted = async (pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> => {
  const { enlisted } = requireOperation();
  const taken = enlisted.splice(0);
  try {
    await inTransaction(pool, async (client) => {
      for (const write of taken) await write.run(asPrisma(client));
      await work(client);
    });
  } catch (thrown) {
    enlisted.push(...taken);
    throw thrown;
  }
};

const inTransaction = async (pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (thrown) {
    await client.query('ROLLBACK');
    throw thrown;
  } finally {
    client.release();
  }
};

const asPrisma = (client: pg.PoolClient) => ({
  $executeRawUnsafe: async (sql: string, ...values: unknown[]): Promise<number> =>
    (await client.query(sql, values)).rowCount ?? 0,
});

const addToOutbox = async (pool: pg.Pool, envelopes: readonly Envelope[]): Promise<readonly OutboxRow[]> => {
  const { rows } = await pool.query<OutboxRow>(
    `INSERT INTO platform.outbox (message_id, type, subject, envelope, created_at)
     SELECT e->>'id', e->>'type', e->>'subject', e, clock_timestamp() FROM unnest($1::jsonb[]) AS e
     RETURNING position::text, envelope`,
    [envelopes.map((envelope) => JSON.stringify(envelope))],
  );
  return rows;
};
