import { loadConfig, makeLogger } from '@quittance/runtime';

import { buildConsole, consoleConfig } from './service.ts';

const start = async (): Promise<void> => {
  const config = loadConfig(consoleConfig, process.env);
  const logger = makeLogger({ service: 'console', level: config.LOG_LEVEL });
  const server = buildConsole({ config, logger });
  await server.start();
  const stop = (): void => {
    server.stop().catch((error: unknown) => {
      logger.error({ err: error }, 'console did not stop cleanly');
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
};

try {
  await start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
