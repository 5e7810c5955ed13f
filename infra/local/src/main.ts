import { parseArgs } from 'node:util';

import { MigrationFailed } from '@quittance/database';
import { isDomainError, toError } from '@quittance/kernel';
import { ConfigError, makeLogger } from '@quittance/runtime';

import { given } from './given.ts';
import { LocalError } from './local-error.ts';
import { makeProgress } from './progress.ts';
import { type Environment, MAIN_PREFIX, type StripeKeys } from './suite-environment.ts';
import { startSuite } from './suite.ts';
import { welcome } from './welcome.ts';

const USAGE = `Usage: npx -y pnpm@12 start [--fresh] [--processes] [--port N]

  --fresh      start over: the local data is deleted first
  --processes  every service as a process of its own
  --port N     the gateway listens on N, the sandbox on N + 1 (default 4400)

  DATABASE_URL  superuser's URL of a PostgreSQL 15 or later, instead of the embedded one
  RABBITMQ_URL  RabbitMQ instead of the PostgreSQL transport
  STRIPE_SECRET_KEY  sk_test_… of a Stripe account: Stripe itself instead of the sandbox's. Its webhooks cannot reach
                 this machine, so orders are asked for every minute (with STRIPE_WEBHOOK_SECRET and a forwarder: at once)
  CATALOG_LANGUAGES, CATALOG_CURRENCIES, CATALOG_TAX_INCLUSIVE_CURRENCIES  what is sold in (docs/env.md)
  QUITTANCE_DATA  folder for the local data (default .quittance)`;

const PORT_DEFAULT = 4400;

const start = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> => {
  const options = optionsFrom(args);
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  refuseProduction(env);
  const progress = makeProgress();
  const stopAsked = signalled();
  const starting = startSuite({
    folder: given(env, 'QUITTANCE_DATA') ?? '.quittance',
    fresh: options.fresh,
    port: options.port,
    databaseUrl: given(env, 'DATABASE_URL'),
    rabbitUrl: given(env, 'RABBITMQ_URL'),
    stripe: stripeFrom(env),
    catalog: catalogFrom(env),
    logLevel: given(env, 'LOG_LEVEL') ?? 'warn',
    databasePrefix: MAIN_PREFIX,
    retryTiersMs: null,
    beatIntervalMs: null,
    processes: options.processes && { replicas: 1 },
    progress: progress.line,
    logger: makeLogger({ service: 'local', level: 'warn' }),
  });
  const suite = await Promise.race([starting, stopAsked]);
  if (suite !== null) {
    process.stdout.write(welcome(suite.facts, progress.seconds()));
    await stopAsked;
  }
  process.stdout.write('\nStopping …\n');
  // What has begun to start is waited for: only then is everything known that must be stopped.
  await (await starting).stop();
};

const refuseProduction = (env: NodeJS.ProcessEnv): void => {
  if (given(env, 'QUITTANCE_MODE') !== 'production') return;
  throw new LocalError(
    'This command plays the outside world, and nothing of it is for production. Leave QUITTANCE_MODE out here; ' +
      'production runs the images (infra/docker, k8s).',
  );
};

const stripeFrom = (env: NodeJS.ProcessEnv): StripeKeys | null => {
  const secretKey = given(env, 'STRIPE_SECRET_KEY');
  return secretKey === null ? null : { secretKey, webhookSecret: given(env, 'STRIPE_WEBHOOK_SECRET') };
};

const CATALOG_VARIABLES = ['CATALOG_LANGUAGES', 'CATALOG_CURRENCIES', 'CATALOG_TAX_INCLUSIVE_CURRENCIES'] as const;

const catalogFrom = (env: NodeJS.ProcessEnv): Environment =>
  Object.fromEntries(
    CATALOG_VARIABLES.flatMap((name) => {
      const value = given(env, name);
      return value === null ? [] : [[name, value]];
    }),
  );

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
      throw new LocalError(`--port ${values.port} is no port; give a number from 1 to 65534.\n\n${USAGE}`);
    }
    return { ...values, port };
  } catch (error) {
    if (error instanceof LocalError) throw error;
    throw new LocalError(`${toError(error).message}\n\n${USAGE}`);
  }
};

const SAME_PRESS_MS = 2000;

/** Resolves at the first signal; a second Ctrl-C ends the process on the spot. */
const signalled = (): Promise<null> =>
  new Promise((resolve) => {
    let firstMs: number | null = null;
    const onSignal = (): void => {
      const nowMs = performance.now();
      firstMs ??= nowMs;
      // The terminal signals everybody and a package manager passes it on, so one press may arrive twice.
      if (nowMs - firstMs > SAME_PRESS_MS) process.exit(130);
      resolve(null);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    // A terminal that was closed can no longer be written to.
    process.stdout.on('error', () => undefined);
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
