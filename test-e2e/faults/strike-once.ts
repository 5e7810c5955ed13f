import { databaseNameOf, type StoringService, type SuiteFacts, withDatabase } from '@quittance/local';
import pg from 'pg';

/** Which changes of a service's rows come to nothing. */
export interface Strike {
  readonly service: StoringService;
  readonly table: string;
  /** Condition of a trigger, over OLD and NEW. */
  readonly when: string;
  /** How many rows, from the first; after them everything goes as it should. */
  readonly strikes: number;
  readonly how: 'as an error' | 'as if another had been faster';
}

/** From now on the next such changes fail; resolves with the undoing. */
export const strikeOnce = async (facts: SuiteFacts, strike: Strike): Promise<() => Promise<void>> => {
  const ask = async (sql: string): Promise<void> => {
    const name = databaseNameOf(strike.service, facts.databasePrefix);
    const client = new pg.Client({ connectionString: withDatabase(facts.adminUrl, name) });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await ask(addTrigger(strike));
  return () => ask('DROP FUNCTION public.strike() CASCADE; DROP SEQUENCE public.strike_count');
};

/** A sequence counts on when its transaction is undone. */
const addTrigger = ({ table, when, strikes, how }: Strike): string => `
  CREATE SEQUENCE public.strike_count;
  GRANT USAGE ON SEQUENCE public.strike_count TO PUBLIC;
  CREATE FUNCTION public.strike() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF nextval('public.strike_count') <= ${strikes} THEN
      ${how === 'as an error' ? "RAISE EXCEPTION 'fault' USING ERRCODE = 'P0001'" : 'RETURN NULL'};
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER strike BEFORE UPDATE ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION public.strike();`;
