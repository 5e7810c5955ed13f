import { flushCompileCache } from 'node:module';

import { platformFail, toError } from '@quittance/kernel';
import {
  ConfigError,
  makeLifecycle,
  makeLogger,
  startTelemetry,
  systemClock,
  systemWallClock,
} from '@quittance/runtime';

import { followedClockOf } from './business-clock.ts';
import { processClocks } from './harness-clocks.ts';
import { armKillPoints } from './kill-points.ts';
import { type BaseConfig, type RunningService, type ServiceDeps } from './kit.ts';
import { makeTransport } from './make-transport.ts';

export interface MainOptions<Config extends BaseConfig> {
  readonly name: string;
  /** Reads the environment; only `main.ts` may, so it is handed in as a function: a ConfigError is told, not thrown. */
  readonly config: () => Config;
  /** What follows the script's name: nothing to serve, or `republish [--since <instant>]`. */
  readonly args: readonly string[];
  readonly buildService: (deps: ServiceDeps<Config>) => RunningService;
}

/**
 * The whole of a service's process: start, say so, wait for a signal, stop within bounds. Ends with code 1 and one
 * readable reason when it cannot start.
 */
export const runMain = async <Config extends BaseConfig>(options: MainOptions<Config>): Promise<void> => {
  try {
    const config = options.config();
    await (options.args[0] === 'republish' ? republish(options, config) : serve(options, config));
  } catch (error) {
    const reason =
      error instanceof ConfigError ? error.message : `${options.name} cannot run: ${toError(error).message}`;
    process.stderr.write(`${reason}\n`);
    process.exitCode = 1;
    // A parent's channel that is listened to would keep the process, as if it were still starting.
    if (process.connected) process.disconnect();
  }
};

const serve = async <Config extends BaseConfig>(options: MainOptions<Config>, config: Config): Promise<void> => {
  const logger = makeLogger({ service: options.name, level: config.LOG_LEVEL });
  const telemetry = await startTelemetry({ serviceName: options.name, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  if (config.QUITTANCE_MODE !== 'production') armKillPoints(config.KILL_POINT ?? null);
  const transport = makeTransport(config, logger);
  const clocks = processClocks(config.QUITTANCE_MODE);
  const followed = followedClockOf(config, { base: clocks.clock, logger });
  const clock = followed?.clock ?? clocks.clock;
  const service = options.buildService({ config, ...clocks, clock, transport, logger });
  const lifecycle = makeLifecycle(logger);
  lifecycle.add({ name: 'telemetry', stop: telemetry.stop });
  lifecycle.add({ name: 'clock', start: async () => followed?.connect() });
  lifecycle.add({ name: 'bus', start: transport.start, stop: transport.stop });
  lifecycle.add({ name: 'topology', start: transport.declare });
  lifecycle.add({ name: options.name, start: service.start, stop: service.stop });
  lifecycle.add({
    name: 'following the clock',
    start: async () => followed?.follow({ services: [service], transport }),
    stop: async () => followed?.stop(),
  });
  const stopAsked = waitForSignal();
  await lifecycle.start();
  logger.info({ port: service.port() }, `${options.name} is ready`);
  // Where there is such a cache; a process that is killed would never fill it.
  flushCompileCache();
  await stopAsked;
  await lifecycle.stop();
  // A parent's channel that is listened to would keep the process.
  if (process.connected) process.disconnect();
};

const republish = async <Config extends BaseConfig>(options: MainOptions<Config>, config: Config): Promise<void> => {
  const logger = makeLogger({ service: options.name, level: config.LOG_LEVEL });
  const transport = makeTransport(config, logger);
  const service = options.buildService({ config, clock: systemClock, wallClock: systemWallClock, transport, logger });
  // The snapshots go through the outbox, so whichever relay leads sends them; nothing else needs to run here.
  try {
    const sent = await service.republish(sinceOf(options.args));
    process.stdout.write(`${options.name}: ${sent} current snapshots are on their way, marked replayed.\n`);
  } finally {
    await service.close();
  }
};

const sinceOf = (args: readonly string[]): Date | null => {
  const at = args.indexOf('--since');
  if (at === -1) return null;
  const since = new Date(args[at + 1] ?? '');
  if (Number.isNaN(since.getTime())) {
    throw platformFail('platform.invalid_request', '--since needs an instant like 2026-11-22T00:00:00Z.');
  }
  return since;
};

const waitForSignal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
    process.once('disconnect', resolve);
  });
