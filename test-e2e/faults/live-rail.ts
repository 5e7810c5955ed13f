import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  databaseNameOf,
  ensureDatabases,
  freeNeighbours,
  makeServiceProcess,
  removeTraces,
  serviceEnvironment,
  type SuiteFacts,
  withDatabase,
} from '@quittance/local';
import { makeLogger } from '@quittance/runtime';
import pg from 'pg';

/** A card rail in production mode with a live key, alone: nobody sends it orders, so it never calls the provider. */
export interface LiveRail {
  /** Its webhook endpoint. */
  readonly url: string;
  storedEvents(): Promise<number>;
  stop(): Promise<void>;
}

/** An installation of its own beside the suite, with databases and queues that go when it stops. */
export const startLiveRail = async (suite: SuiteFacts): Promise<LiveRail> => {
  const facts: SuiteFacts = { ...suite, databasePrefix: `${suite.databasePrefix}live` };
  const logger = makeLogger({ service: 'live-rail', level: 'error' });
  const [logFolder, port] = await Promise.all([mkdtemp(join(tmpdir(), 'quittance-live-')), freeNeighbours()]);
  const rail = makeServiceProcess({
    service: 'payments-card',
    replica: 0,
    port,
    logFolder,
    environment: {
      ...serviceEnvironment('payments-card', facts),
      QUITTANCE_MODE: 'production',
      PORT: String(port),
      STRIPE_SECRET_KEY: `sk_live_${'0'.repeat(24)}`,
      // A live key goes to the provider alone, and to no stand-in.
      STRIPE_API_BASE: '',
      // Nothing moves a production clock.
      SANDBOX_CLOCK_URL: '',
    },
  });
  const stop = async (): Promise<void> => {
    await rail.stop();
    await removeTraces(facts, { databaseServer: true });
    await rm(logFolder, { recursive: true, force: true });
  };
  try {
    await ensureDatabases(facts, { fresh: true, progress: () => undefined, logger });
    await rail.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}/webhooks/stripe`, storedEvents: () => countEvents(facts), stop };
};

const countEvents = async (facts: SuiteFacts): Promise<number> => {
  const database = databaseNameOf('payments-card', facts.databasePrefix);
  const client = new pg.Client({ connectionString: withDatabase(facts.adminUrl, database) });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM provider_events');
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
};
