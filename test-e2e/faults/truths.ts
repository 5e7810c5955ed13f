import { type HttpContract, ListAttention } from '@quittance/contracts';
import {
  databaseNameOf,
  makeShopper,
  serviceEnvironment,
  STORING_SERVICES,
  type StoringService,
  type SuiteFacts,
  withDatabase,
} from '@quittance/local';
import pg from 'pg';
import { z } from 'zod';

import { openQueueGauge, type QueueDepth } from './queue-depths.ts';

const Books = z.looseObject({
  charges: z.array(
    z.looseObject({
      id: z.string(),
      amount: z.int(),
      amountRefunded: z.int(),
      currency: z.string(),
      captured: z.boolean(),
      status: z.string(),
      paymentIntent: z.string().nullable(),
      metadata: z.record(z.string(), z.string()),
    }),
  ),
  sessions: z.array(
    z.looseObject({ id: z.string(), clientReferenceId: z.string().nullable(), status: z.string().nullable() }),
  ),
  events: z.array(z.looseObject({ id: z.string(), type: z.string() })),
});
export type Books = z.infer<typeof Books>;

/** The provider's own books, every service's database as the administrator sees it, and nothing that we conclude. */
export interface Truths {
  books(): Promise<Books>;
  rows<Row extends pg.QueryResultRow>(
    service: StoringService,
    sql: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** From the provider's own database: what it has delivered, and what it was answered. */
  outside<Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]>;
  /** Whether the database refuses this to the service's role, or to the administrator. Nothing of it stays. */
  isRefused(service: StoringService, sql: string, who: 'service' | 'administrator'): Promise<boolean>;
  queues(): Promise<readonly QueueDepth[]>;
  /** Ids of everything that waits for a person, as an operator sees it at the gateway. */
  attention(): Promise<readonly string[]>;
  /** Asks the gateway as an operator who may look at everything. */
  call<Answer>(
    contract: Pick<HttpContract, 'method' | 'path'> & { readonly answer: z.ZodType<Answer> },
    input?: { readonly query?: Readonly<Record<string, string>> },
  ): Promise<Answer>;
  /** Messages that are meant to die, by id, and the service in whose dead letters each belongs. */
  readonly poison: Map<string, StoringService>;
  end(): Promise<void>;
}

export interface TruthsOptions {
  /** Where the provider keeps its books when that is not beside the services' databases. */
  readonly sandboxDatabaseUrl?: string | undefined;
}

export const openTruths = (facts: SuiteFacts, options: TruthsOptions = {}): Truths => {
  const pools = new Map(STORING_SERVICES.map((service) => [service, poolOf(adminUrlOf(facts, service))]));
  const outside = poolOf(options.sandboxDatabaseUrl ?? adminUrlOf(facts, 'sandbox'));
  const gauge = openQueueGauge(facts);
  const shopper = makeShopper(facts);
  const call: Truths['call'] = async (contract, input = {}) =>
    shopper.call(contract, { ...input, token: await shopper.token('finance') });
  return {
    books: async () => {
      const response = await fetch(`${facts.sandboxUrl}/_sandbox/stripe/books`);
      return Books.parse(await response.json());
    },
    rows: async <Row extends pg.QueryResultRow>(
      service: StoringService,
      sql: string,
      values: readonly unknown[] = [],
    ): Promise<readonly Row[]> => {
      const result = await pools.get(service)?.query<Row>(sql, [...values]);
      return result?.rows ?? [];
    },
    outside: async <Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]> =>
      (await outside.query<Row>(sql)).rows,
    isRefused: (service, sql, who) => isRefused(facts, service, { sql, who }),
    queues: () => gauge.read(),
    attention: async () => {
      const { data } = await call(ListAttention);
      return data.flatMap(({ id, subject }) => [id, subject.id]);
    },
    call,
    poison: new Map(),
    end: async () => {
      await Promise.all([outside, ...pools.values()].map((pool) => pool.end()));
      await gauge.end();
    },
  };
};

const adminUrlOf = (facts: SuiteFacts, name: string): string =>
  withDatabase(facts.adminUrl, databaseNameOf(name, facts.databasePrefix));

const poolOf = (connectionString: string): pg.Pool => {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on('error', () => undefined);
  return pool;
};

/** SQLSTATEs of "may not": no privilege, and the triggers' own. */
const REFUSALS: ReadonlySet<unknown> = new Set(['42501', '23001']);

const isRefused = async (
  facts: SuiteFacts,
  service: StoringService,
  { sql, who }: { readonly sql: string; readonly who: 'service' | 'administrator' },
): Promise<boolean> => {
  const ownUrl = serviceEnvironment(service, facts)['DATABASE_URL'];
  const client = new pg.Client({ connectionString: who === 'service' ? ownUrl : adminUrlOf(facts, service) });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql);
    return false;
  } catch (error) {
    if (error instanceof pg.DatabaseError && REFUSALS.has(error.code)) return true;
    throw error;
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end();
  }
};
