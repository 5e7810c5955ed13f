import { setTimeout as pause } from 'node:timers/promises';

import { databaseNameOf, STORING_SERVICES, type StoringService, type SuiteFacts, withDatabase } from '@quittance/local';
import pg from 'pg';

/** What an administrator of the services' PostgreSQL can do to it. Every harm ends by itself and says how often it struck. */
export interface DatabaseHarm {
  /** Ends every session of one service. */
  terminate(service: StoringService): Promise<number>;
  /** Writes are refused for so long. */
  readOnly(service: StoringService, forMs: number): Promise<number>;
  /** The role may open no further connection for so long, and loses those it has. */
  noConnections(service: StoringService, forMs: number): Promise<number>;
  /** Every statement that touches the outbox waits for so long, and with it the pool. */
  locked(service: StoringService, forMs: number): Promise<number>;
  /** Commits fail with this SQLSTATE, about one in three, for so long. */
  failing(service: StoringService, sqlState: SqlState, forMs: number): Promise<number>;
  /** One message that the service wants to note as handled fails, once; resolves with the undoing. */
  failNextMessage(service: StoringService): Promise<() => Promise<void>>;
}

/** Serialization failure, deadlock, disk full (as a trigger says it; no disk is filled). */
export type SqlState = '40001' | '40P01' | '53100';

export const makeDatabaseHarm = (facts: SuiteFacts): DatabaseHarm => {
  const on = async <T>(service: StoringService, work: (client: pg.Client, name: string) => Promise<T>): Promise<T> => {
    const name = databaseNameOf(service, facts.databasePrefix);
    const client = new pg.Client({ connectionString: withDatabase(facts.adminUrl, name) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await work(client, name);
    } finally {
      await client.end();
    }
  };
  const endSessions = async (client: pg.Client, role: string): Promise<number> => {
    const { rows } = await client.query<{ ended: number }>(
      'SELECT count(pg_terminate_backend(pid))::int AS ended FROM pg_stat_activity WHERE usename = $1',
      [role],
    );
    return rows[0]?.ended ?? 0;
  };
  return {
    terminate: (service) => on(service, async (client, role) => Math.min(1, await endSessions(client, role))),
    readOnly: (service, forMs) =>
      on(service, async (client, role) => {
        // A new session begins read-only; those that are open are ended, as when a primary becomes a standby.
        await client.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`);
        await endSessions(client, role);
        await pause(forMs);
        await client.query(`ALTER ROLE ${role} RESET default_transaction_read_only`);
        await endSessions(client, role);
        return 1;
      }),
    noConnections: (service, forMs) =>
      on(service, async (client, role) => {
        await client.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
        await endSessions(client, role);
        await pause(forMs);
        await client.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
        return 1;
      }),
    locked: (service, forMs) =>
      on(service, async (client) => {
        await client.query('BEGIN');
        await client.query('LOCK TABLE platform.outbox IN ACCESS EXCLUSIVE MODE');
        await pause(forMs);
        await client.query('ROLLBACK');
        return 1;
      }),
    failing: (service, sqlState, forMs) =>
      on(service, async (client) => {
        await client.query(addTriggers(['outbox', 'inbox'], sqlState, '% 3 = 1'));
        const endMs = performance.now() + STRIKES_WITHIN_MS;
        let struck = 0;
        // A service that had nothing to do meanwhile was not hurt: it is waited for, within reason.
        do {
          await pause(forMs);
          const { rows } = await client.query<{ struck: number }>(STRUCK);
          struck = rows[0]?.struck ?? 0;
        } while (struck === 0 && performance.now() < endMs);
        await client.query(REMOVE_TRIGGERS);
        return struck;
      }),
    failNextMessage: async (service) => {
      await on(service, (client) => client.query(FAIL_ONE));
      return () => on(service, async (client) => void (await client.query(REMOVE_TRIGGERS)));
    },
  };
};

const STRIKES_WITHIN_MS = 20_000;

/** Strikes at the first, the fourth, the seventh … write. */
const STRUCK = 'SELECT CASE WHEN is_called THEN (last_value + 2) / 3 ELSE 0 END::int AS struck FROM public.fault_count';

type Hurt = 'outbox' | 'inbox';

/** A sequence counts on when its transaction is undone. */
const addTriggers = (tables: readonly Hurt[], sqlState: string, strikes: string): string => `
  CREATE SEQUENCE public.fault_count;
  GRANT USAGE ON SEQUENCE public.fault_count TO PUBLIC;
  CREATE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF nextval('public.fault_count') ${strikes} THEN RAISE EXCEPTION 'fault' USING ERRCODE = '${sqlState}'; END IF;
    RETURN NEW;
  END $$;
  ${tables.map((table) => `CREATE TRIGGER fault BEFORE INSERT ON platform.${table} FOR EACH ROW EXECUTE FUNCTION public.fault();`).join('\n')}`;

/**
 * With an SQLSTATE that nobody knows: an error of ours, of the kind that is tried again later. Batches fail until a
 * message has, however many are under way in both replicas: their messages are then handled one by one.
 */
const FAIL_ONE = `
  CREATE SEQUENCE public.fault_count;
  GRANT USAGE, SELECT ON SEQUENCE public.fault_count TO PUBLIC;
  CREATE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF (SELECT count(*) FROM added) > 1 THEN
      IF NOT (SELECT is_called FROM public.fault_count) THEN RAISE EXCEPTION 'fault of a batch'; END IF;
    ELSIF nextval('public.fault_count') = 1 THEN
      RAISE EXCEPTION 'fault';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER fault AFTER INSERT ON platform.inbox REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION public.fault();`;

/** With the triggers that call it. */
const REMOVE_TRIGGERS = 'DROP FUNCTION public.fault() CASCADE; DROP SEQUENCE public.fault_count';

export const HURT_SERVICES: readonly StoringService[] = STORING_SERVICES.filter((service) => service !== 'catalog');
