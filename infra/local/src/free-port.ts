import { createServer } from 'node:net';

import { hasCode } from './has-code.ts';
import { LocalError } from './local-error.ts';

const HOST = '127.0.0.1';

/** A loopback port that nobody uses now. */
export const freePort = (): Promise<number> => claim(0);

/** Throws one clear sentence when the port is taken, before anything is started. */
export const assertPortFree = async (port: number, whatFor: string): Promise<void> => {
  try {
    await claim(port);
  } catch (error) {
    if (!hasCode(error, 'EADDRINUSE') && !hasCode(error, 'EACCES')) throw error;
    throw new LocalError(
      `Port ${port} (${whatFor}) is ${hasCode(error, 'EACCES') ? 'not allowed for this user' : 'in use'}. ` +
        'Choose another with --port, for example: npx -y pnpm@12 start --port 4500',
    );
  }
};

const claim = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      const claimed = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(claimed));
    });
  });
