import { type RunningSuite } from '@quittance/local';
import pg from 'pg';

import { openPool } from './bench-suite.ts';

/** Tells when the gateway's projection has something new of an account, so that nobody has to ask all the time. */
export interface EntitlementNews {
  /** Resolves with the next announcement, or after half a minute: whoever asks then finds out. */
  of(account: string): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** Listens as a replica of the gateway does. A thousand questions a second would be what is measured otherwise. */
export const listenToEntitlements = async (suite: RunningSuite): Promise<EntitlementNews> => {
  const pool = openPool(suite, 'gateway', 1);
  const client = new pg.Client({ connectionString: pool.options.connectionString });
  await pool.end();
  const waiting = new Map<string, () => void>();
  client.on('notification', ({ payload }) => waiting.get(payload?.split(' ')[0] ?? '')?.());
  await client.connect();
  await client.query('LISTEN entitlements');
  return {
    of: (account) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        waiting.set(account, () => {
          clearTimeout(timer);
          waiting.delete(account);
          resolve();
        });
      }),
    stop: () => client.end(),
  };
};
