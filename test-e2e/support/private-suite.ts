import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freeNeighbours, removeTraces, type RunningSuite, startSuite } from '@quittance/local';
import { type Logger, makeLogger } from '@quittance/runtime';
import { testDatabaseServer } from '@quittance/testkit';

export interface PrivateSuiteOptions {
  readonly rabbitUrl: string | null;
  readonly processes: false | { readonly replicas: number };
  readonly retryTiersMs?: string;
  /** How often subscription says that it lives; long where a fault must hit a purchase and not a beat. */
  readonly beatIntervalMs?: number;
  /** A PostgreSQL of its own that waits for the disk, as users run it, instead of the test server. */
  readonly durable?: boolean;
  /** Of everything that runs in this process; default: errors, to the screen. */
  readonly logger?: Logger;
}

/** A suite of its own on free ports, with databases of its own; `stop` leaves nothing behind. */
export const startPrivateSuite = async (options: PrivateSuiteOptions): Promise<RunningSuite> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-journey-'));
  const durable = options.durable === true;
  const server = durable ? null : await testDatabaseServer();
  const suite = await startSuite({
    folder,
    fresh: true,
    port: await freeNeighbours(),
    databaseUrl: server?.adminUrl ?? null,
    rabbitUrl: options.rabbitUrl,
    logLevel: process.env['LOG_LEVEL'] ?? 'error',
    databasePrefix: `qtj_${randomBytes(4).toString('hex')}`,
    retryTiersMs: options.retryTiersMs ?? '100,300,1000,3000',
    beatIntervalMs: options.beatIntervalMs ?? null,
    processes: options.processes,
    progress: () => undefined,
    logger: options.logger ?? makeLogger({ service: 'journey', level: 'error' }),
  });
  return {
    ...suite,
    stop: async () => {
      await suite.stop();
      await removeTraces(suite.facts, { databaseServer: !durable });
      await rm(folder, { recursive: true, force: true });
    },
  };
};
