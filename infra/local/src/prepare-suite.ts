import { resolve } from 'node:path';

import { ensureConsoleBuilt } from '@quittance/console';
import { type Logger } from '@quittance/runtime';

import { assertServers } from './assert-servers.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { ensureDatabases } from './ensure-databases.ts';
import { assertPortFree } from './free-port.ts';
import { startLocalPostgres } from './local-postgres.ts';
import { startSandbox } from './local-sandbox.ts';
import { removeQueues } from './remove-traces.ts';
import { loadSecrets } from './secrets.ts';
import { type Environment, sandboxDatabaseUrl, type StripeKeys, type SuiteFacts } from './suite-environment.ts';
import { writeEnvironment } from './write-environment.ts';

export interface SuiteOptions {
  readonly folder: string;
  readonly fresh: boolean;
  /** Of the gateway; the sandbox takes the next one. */
  readonly port: number;
  /** Superuser's URL of a PostgreSQL server; null starts the embedded one. */
  readonly databaseUrl: string | null;
  readonly rabbitUrl: string | null;
  /** Default: Stripe is played by the sandbox. */
  readonly stripe?: StripeKeys | null;
  /** Variables of catalog that say what is sold in; default none. */
  readonly catalog?: Environment;
  readonly logLevel: string;
  readonly databasePrefix: string;
  readonly retryTiersMs: string | null;
  readonly beatIntervalMs: number | null;
  /** How the sandbox reaches us; default the gateway's webhook route. */
  readonly webhookUrl?: string;
  /** Where the outside world keeps its books; default beside the services' databases. */
  readonly sandboxDatabaseUrl?: string;
  readonly progress: (line: string) => void;
  readonly logger: Logger;
}

export interface PreparedSuite {
  readonly facts: SuiteFacts;
  stop(): Promise<void>;
}

/** Everything below the services: folder, PostgreSQL, migrated databases, pages, and the outside world, played. */
export const prepareSuite = async (options: SuiteOptions): Promise<PreparedSuite> => {
  await assertPortFree(options.port, 'the gateway');
  await assertPortFree(options.port + 1, 'the sandbox');
  await assertServers(options);
  const folder = await openDataFolder(resolve(options.folder), { fresh: options.fresh });
  const started: (() => Promise<void>)[] = [folder.release];
  const stop = async (): Promise<void> => {
    for (let end = started.pop(); end !== undefined; end = started.pop()) await end();
  };
  try {
    const facts = await factsOf(options, folder, started);
    const pages = ensureConsoleBuilt(options.progress);
    // Awaited below with the databases; a build that fails meanwhile must not be an unhandled rejection.
    pages.catch(() => undefined);
    if (options.fresh) await removeQueues(facts);
    await ensureDatabases(facts, options);
    await writeEnvironment(folder.path, facts);
    const sandbox = await startSandbox(facts, {
      port: options.port + 1,
      webhookUrl: options.webhookUrl ?? `${facts.gatewayUrl}/webhooks/stripe`,
      databaseUrl: options.sandboxDatabaseUrl ?? sandboxDatabaseUrl(facts),
      logger: options.logger,
    });
    started.push(sandbox.stop);
    options.progress(`The outside world is played at ${facts.sandboxUrl}`);
    await pages;
    return { facts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const factsOf = async (
  options: SuiteOptions,
  folder: DataFolder,
  started: (() => Promise<void>)[],
): Promise<SuiteFacts> => {
  const secrets = await loadSecrets(folder.secretsPath);
  let adminUrl = options.databaseUrl;
  if (adminUrl === null) {
    const postgres = await startLocalPostgres(folder.clusterPath, secrets.databasePassword);
    started.push(postgres.stop);
    adminUrl = postgres.adminUrl;
    options.progress('PostgreSQL is up');
  }
  return {
    adminUrl,
    databasePrefix: options.databasePrefix,
    secrets,
    rabbitUrl: options.rabbitUrl,
    stripe: options.stripe ?? null,
    catalog: options.catalog ?? {},
    logLevel: options.logLevel,
    gatewayUrl: `http://localhost:${options.port}`,
    sandboxUrl: `http://localhost:${options.port + 1}`,
    retryTiersMs: options.retryTiersMs,
    beatIntervalMs: options.beatIntervalMs,
  };
};
