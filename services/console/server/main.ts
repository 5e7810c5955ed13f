import { loadConfig, makeLogger } from '@quittance/runtime';

import { buildConsole, consoleConfig } from './service.ts';

const start = async (): Promise<void> => {
  const config = loadConfig(consoleConfig, process.env);
  const logger = makeLogger({ service: 'console', level: config.LOG_LEVEL });
  const server = buildConsole({ config, logger });
  await server.start();
  await stopAsked();
  await server.stop();
  // A parent's channel that is listened to would keep the process.
  if (process.connected) process.disconnect();
};

/** A signal, or the end of the parent that started it. */
const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, () => resolve());
  });

try {
  await start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
