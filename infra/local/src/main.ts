import { parseArgs } from 'node:util';

import { MigrationFailed } from '@quittance/database';
import { isDomainError, toError } from '@quittance/kernel';
import { ConfigError, makeLogger } from '@quittance/runtime';

import { LocalError } from './local-error.ts';
import { makeProgress } from './progress.ts';
import { startSuite } from './suite.ts';
import { welcome } from './welcome.ts';

const USAGE = `Usage: npx -y pnpm@12 start [--fresh] [--processes] [--port N]

  --fresh      start over: the local data is deleted first
  --processes  every service as a process of its own
  --port N     the gateway listens on N, the sandbox on N + 1 (default 4400)

  DATABASE_URL  superuser's URL of a PostgreSQL 15 or later, instead of the embedded one
  RABBITMQ_URL  RabbitMQ instead of the PostgreSQL transport
  QUITTANCE_DATA  folder for the local data (default .quittance)`;

const PORT_DEFAULT = 4400;

const start = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> => {
  const options = optionsFrom(args);
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const progress = makeProgress();
  const interrupted = signalled();
  const suite = await startSuite({
    folder: env['QUITTANCE_DATA'] ?? '.quittance',
    fresh: options.fresh,
    port: options.port,
    databaseUrl: env['DATABASE_URL'] ?? null,
    rabbitUrl: env['RABBITMQ_URL'] ?? null,
    logLevel: env['LOG_LEVEL'] ?? 'warn',
    databasePrefix: 'quittance',
    retryTiersMs: null,
    beatIntervalMs: null,
    processes: options.processes && { replicas: 1 },
    progress: progress.line,
    logger: makeLogger({ service: 'local', level: 'warn' }),
  });
  process.stdout.write(welcome(suite.facts, progress.seconds()));
  await interrupted;
  process.stdout.write('\nStopping …\n');
  await suite.stop();
};

const optionsFrom = (args: readonly string[]) => {
  try {
    const { values } = parseArgs({
      args: [...args].filter((argument) => argument !== '--'),
      options: {
        fresh: { type: 'boolean', default: false },
        processes: { type: 'boolean', default: false },
        port: { type: 'string', default: String(PORT_DEFAULT) },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_534) {
      throw new LocalError(`--port ${values.port} is no port; give a number from 1 to 65534.`);
    }
    return { ...values, port };
  } catch (error) {
    if (error instanceof LocalError) throw error;
    throw new LocalError(`${toError(error).message}\n\n${USAGE}`);
  }
};

const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });

try {
  await start(process.argv.slice(2), process.env);
  process.exit(0);
} catch (error) {
  const mendable =
    [LocalError, ConfigError, MigrationFailed].some((kind) => error instanceof kind) || isDomainError(error);
  process.stderr.write(`\n${mendable ? toError(error).message : (toError(error).stack ?? String(error))}\n`);
  process.exit(1);
}
