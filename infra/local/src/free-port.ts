import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

import { hasCode } from './has-code.ts';
import { LocalError } from './local-error.ts';

const HOST = '127.0.0.1';

/**
 * Below the range from which the system takes ports for outgoing connections: a service that is killed and started again
 * finds its port free.
 */
const PRIVATE_PORTS = { from: 15_000, to: 31_000 } as const;
const ATTEMPTS_MAX = 100;

/** Who was given a port may not listen on it yet: of thirty drawn at once, two were the same in one of forty draws. */
const given = new Set<number>();

/** A loopback port that nobody uses now. */
export const freePort = (): Promise<number> => freeRun(1);

/** A free port whose next one is free as well: the gateway's and the sandbox's of a private copy. */
export const freeNeighbours = (): Promise<number> => freeRun(2);

const freeRun = async (length: number): Promise<number> => {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const first = randomInt(PRIVATE_PORTS.from, PRIVATE_PORTS.to);
    const ports = Array.from({ length }, (_, index) => first + index);
    if (ports.some((port) => given.has(port))) continue;
    for (const port of ports) given.add(port);
    const claims = await Promise.allSettled(ports.map(claim));
    if (claims.every(({ status }) => status === 'fulfilled')) return first;
  }
  throw new LocalError(`No free port from ${PRIVATE_PORTS.from} to ${PRIVATE_PORTS.to} was found.`);
};

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

/** Listens for a moment; rejects with Node's error when the port cannot be had. */
const claim = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.close(() => resolve());
    });
  });
