import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { assert } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type ConsoleConfig } from './config.ts';
import { CONSOLE_DIST } from './ensure-built.ts';
import { makeApp } from './make-app.ts';

export { type ConsoleConfig, consoleConfig } from './config.ts';
export { ensureConsoleBuilt } from './ensure-built.ts';

const STOP_WITHIN_MS = 5000;

export interface ConsoleDeps {
  readonly config: ConsoleConfig;
  readonly logger: Logger;
  /** Another built folder than the package's own, for tests. */
  readonly dist?: string;
}

export interface Console {
  readonly name: 'console';
  /** The real port, once started. */
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Serves the built pages. Throws a plain sentence when they have not been built: call `ensureConsoleBuilt` first. */
export const buildConsole = ({ config, logger, dist = CONSOLE_DIST }: ConsoleDeps): Console => {
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error(`The console has not been built: ${dist} has no index.html. Run the build script of its package.`);
  }
  const server = createServer(makeApp(config, dist));
  return {
    name: 'console',
    get port() {
      const address = server.address();
      assert(address !== null && typeof address === 'object', 'the console has a port once it has started');
      return address.port;
    },
    start: async () => {
      server.listen(config.PORT, config.HOST);
      await once(server, 'listening');
      logger.info({ address: server.address() }, 'console is listening');
    },
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const deadline = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
      await closed;
      clearTimeout(deadline);
    },
  };
};
