import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freeNeighbours, type ProcessOptions, removeTraces, type RunningSuite, startSuite } from '@quittance/local';
import { type Logger, makeLogger } from '@quittance/runtime';
import { testDatabaseServer } from '@quittance/testkit';

export interface PrivateSuiteOptions {
  readonly rabbitUrl: string | null;
  readonly processes: false | ProcessOptions;
  readonly retryTiersMs?: string;
  /** How often subscription says that it lives; long where a fault must hit a purchase and not a beat. */
  readonly beatIntervalMs?: number;
  /** A PostgreSQL of its own that waits for the disk, as users run it, instead of the test server. */
  readonly durable?: boolean;
  /** Superuser's URL of a server that is the suite's alone and ends with it, instead of the test server. */
  readonly databaseUrl?: string;
  /** What the provider's webhooks are sent to instead of the gateway's route. */
  readonly webhookDetour?: (url: string) => Promise<string>;
  /** Where the outside world keeps its books; default beside the services' databases. */
  readonly sandboxDatabaseUrl?: string;
  /** Of everything that runs in this process; default: errors, to the screen. */
  readonly logger?: Logger;
}

/** A suite of its own on free ports, with databases of its own; `stop` leaves nothing behind. */
export const startPrivateSuite = async (options: PrivateSuiteOptions): Promise<RunningSuite> => {
  const folder = await mkdtemp(join(tmpdir(), 'quittance-journey-'));
  const durable = options.durable === true;
  const shared = !durable && options.databaseUrl === undefined;
  const server = shared ? await testDatabaseServer() : null;
  const port = await freeNeighbours();
  const webhookUrl = await options.webhookDetour?.(`http://127.0.0.1:${port}/webhooks/stripe`);
  const suite = await startSuite({
    folder,
    fresh: true,
    port,
    databaseUrl: server?.adminUrl ?? options.databaseUrl ?? null,
    rabbitUrl: options.rabbitUrl,
    logLevel: process.env['LOG_LEVEL'] ?? 'error',
    databasePrefix: `qtj_${randomBytes(4).toString('hex')}`,
    retryTiersMs: options.retryTiersMs ?? '100,300,1000,3000',
    beatIntervalMs: options.beatIntervalMs ?? null,
    processes: options.processes,
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(options.sandboxDatabaseUrl === undefined ? {} : { sandboxDatabaseUrl: options.sandboxDatabaseUrl }),
    progress: () => undefined,
    logger: options.logger ?? makeLogger({ service: 'journey', level: 'error' }),
  });
  return {
    ...suite,
    stop: async () => {
      await suite.stop();
      await removeTraces(suite.facts, { databaseServer: shared });
      await rm(folder, { recursive: true, force: true });
    },
  };
};
