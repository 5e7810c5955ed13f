import { type Secret, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type Client, escapeIdentifier } from 'pg';

import { connectSession, makeSessionClient } from './session-client.ts';

export interface ListenOptions {
  /** A direct connection, not through a pooler: LISTEN belongs to the session. */
  readonly url: Secret;
  readonly applicationName: string;
  readonly channels: readonly string[];
  readonly onNotification: (channel: string, payload: string) => void;
  /** After the first connection and after each reconnect: what was announced meanwhile is lost, so look at the rows. */
  readonly onConnected: () => void;
  readonly logger: Logger;
}

export interface Listening {
  connected(): boolean;
  stop(): Promise<void>;
}

const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5000;

/** Listens on a connection of its own until stopped; reconnects with growing pauses and then asks for a rescan. */
export const listen = (options: ListenOptions): Listening => {
  const stopping = new AbortController();
  let current: Client | null = null;
  let connected = false;

  const session = async (): Promise<void> => {
    const client = makeSessionClient(options.url, options.applicationName);
    const ended = Promise.withResolvers<void>();
    client.on('error', (error) => {
      if (!stopping.signal.aborted) options.logger.warn({ err: error }, 'the LISTEN connection broke');
      ended.resolve();
    });
    client.on('end', () => ended.resolve());
    client.on('notification', ({ channel, payload }) => options.onNotification(channel, payload ?? ''));
    current = client;
    try {
      await connectSession(client);
      for (const channel of options.channels) await client.query(`LISTEN ${escapeIdentifier(channel)}`);
      connected = true;
      options.onConnected();
      await ended.promise;
    } finally {
      connected = false;
      current = null;
      await client.end().catch(ignoreClosed);
    }
  };

  const run = async (): Promise<void> => {
    let pauseMs = RECONNECT_FIRST_MS;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      try {
        await session();
      } catch (error) {
        if (!stopping.signal.aborted) options.logger.warn({ err: toError(error) }, 'cannot LISTEN, trying again');
      }
      if (performance.now() - startedAt > RECONNECT_MAX_MS) pauseMs = RECONNECT_FIRST_MS;
      await pause(pauseMs, stopping.signal);
      pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
    }
  };

  const running = run();
  return {
    connected: () => connected,
    stop: async () => {
      stopping.abort();
      await current?.end().catch(ignoreClosed);
      await running;
    },
  };
};

const ignoreClosed = (): void => undefined;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
