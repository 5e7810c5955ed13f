import { databaseNameOf, STORING_SERVICES, type StoringService, type SuiteFacts, withDatabase } from '@quittance/local';
import pg from 'pg';
import { z } from 'zod';

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
  /** Messages that are meant to die, by id, and the service in whose dead letters each belongs. */
  readonly poison: Map<string, StoringService>;
  end(): Promise<void>;
}

export const openTruths = (facts: SuiteFacts): Truths => {
  const pools = new Map<StoringService, pg.Pool>(
    STORING_SERVICES.map((service) => {
      const database = databaseNameOf(service, facts.databasePrefix);
      const pool = new pg.Pool({ connectionString: withDatabase(facts.adminUrl, database), max: 2 });
      pool.on('error', () => undefined);
      return [service, pool];
    }),
  );
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
    poison: new Map(),
    end: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
};
