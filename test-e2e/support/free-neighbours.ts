import { createServer } from 'node:net';

import { freePort } from '@quittance/local';

/** A free port whose next one is free as well: the gateway's and the sandbox's. */
export const freeNeighbours = async (): Promise<number> => {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await freePort();
    if (port < 65_000 && (await isFree(port + 1))) return port;
  }
  throw new Error('No two neighbouring free ports were found.');
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
