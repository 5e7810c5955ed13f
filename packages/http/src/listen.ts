import { createServer, type RequestListener } from 'node:http';

import { must } from '@quittance/kernel';

import {
  answerRefused,
  answerUnreadable,
  FOREIGN_EXPECTATION,
  hostTrouble,
  refuseTunnel,
} from './answer-unreadable.ts';

export interface Listening {
  readonly port: number;
  /** Takes no new connections, lets running requests finish for at most 4 s, then cuts what is left. Idempotent. */
  close(): Promise<void>;
}

const CLOSE_DEADLINE_MS = 4000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle time of usual load balancers, so that they and not we close a connection. */
const KEEP_ALIVE_MS = 65_000;

/** Listens; port 0 takes any free one. Rejects when the address cannot be had. */
export const listen = async (
  app: RequestListener,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> => {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Looked at here instead, so that the answer says what was missing.
      requireHostHeader: false,
    },
    (request, response) => {
      const trouble = hostTrouble(request);
      return trouble === null ? app(request, response) : answerRefused(trouble, response);
    },
  );
  server.on('clientError', answerUnreadable);
  server.on('connect', refuseTunnel);
  server.on('checkExpectation', (_request, response) => answerRefused(FOREIGN_EXPECTATION, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = must(server.address(), 'address of a listening server');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
    clearTimeout(cut);
  };
  return { port: typeof address === 'string' ? 0 : address.port, close };
};
