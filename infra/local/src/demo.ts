import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { toError } from '@quittance/kernel';
import { makeLogger } from '@quittance/runtime';

import { assertServers } from './assert-servers.ts';
import { demoPurchase, succeeded } from './demo-purchase.ts';
import { freeNeighbours } from './free-port.ts';
import { given } from './given.ts';
import { LocalError } from './local-error.ts';
import { removeTraces } from './remove-traces.ts';
import { makeShopper } from './shopper.ts';
import { startSuite } from './suite.ts';
import { startWebhookTap } from './webhook-tap.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const USAGE = `Usage: npx -y pnpm@12 demo

  A private copy of the suite, one purchase, and the proof of it; nothing of it is left behind.

  DATABASE_URL  superuser's URL of a PostgreSQL 15 or later, instead of an embedded one
  RABBITMQ_URL  RabbitMQ instead of the PostgreSQL transport`;

/** Takes none; true when the usage is all that was asked for. */
const isHelp = (args: readonly string[]): boolean => {
  try {
    const options = { help: { type: 'boolean', short: 'h', default: false } } as const;
    return parseArgs({ args: args.filter((argument) => argument !== '--'), options }).values.help;
  } catch (error) {
    throw new LocalError(`${toError(error).message}\n\n${USAGE}`);
  }
};

const demo = async (env: NodeJS.ProcessEnv): Promise<boolean> => {
  await assertServers({ databaseUrl: given(env, 'DATABASE_URL'), rabbitUrl: given(env, 'RABBITMQ_URL') });
  const folder = await mkdtemp(join(tmpdir(), 'quittance-demo-'));
  const port = await freeNeighbours();
  const tap = await startWebhookTap(`http://127.0.0.1:${port}/webhooks/stripe`);
  say('A private copy of Quittance, one purchase, and the proof of it.\n');
  try {
    const suite = await startSuite({
      folder,
      fresh: true,
      port,
      databaseUrl: given(env, 'DATABASE_URL'),
      rabbitUrl: given(env, 'RABBITMQ_URL'),
      logLevel: given(env, 'LOG_LEVEL') ?? 'error',
      databasePrefix: `quittance_demo_${process.pid}`,
      retryTiersMs: null,
      beatIntervalMs: null,
      webhookUrl: tap.url,
      processes: false,
      progress: (line) => say(`            ${line}`),
      logger: makeLogger({ service: 'demo', level: given(env, 'LOG_LEVEL') === null ? 'error' : 'info' }),
    });
    try {
      const outcome = await demoPurchase({
        shopper: makeShopper(suite.facts),
        tap,
        transport: suite.facts.rabbitUrl === null ? 'postgres' : 'rabbitmq',
        say,
      });
      say(`\n${JSON.stringify(outcome)}`);
      return succeeded(outcome);
    } finally {
      await suite.stop();
      await removeTraces(suite.facts, { databaseServer: given(env, 'DATABASE_URL') !== null });
    }
  } finally {
    await tap.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

try {
  if (isHelp(process.argv.slice(2))) {
    say(USAGE);
    process.exit(0);
  }
  process.exit((await demo(process.env)) ? 0 : 1);
} catch (error) {
  process.stderr.write(
    `\n${error instanceof LocalError ? error.message : `The demo failed: ${toError(error).stack}`}\n`,
  );
  process.exit(1);
}
