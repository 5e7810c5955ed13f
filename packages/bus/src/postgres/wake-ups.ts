import { randomUUID } from 'node:crypto';

import { toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { Client, type ClientConfig, escapeLiteral, type Pool } from 'pg';

import { pause } from '../pause.ts';

/** Tells other processes which queues got something, and hears it from them. A lost word costs one poll. */
export interface WakeUps {
  start(): Promise<void>;
  announce(queues: readonly string[]): void;
  /** The same as SQL, for who wants it sent right behind something else. */
  announcementOf(queues: readonly string[]): string;
  stop(): Promise<void>;
}

export interface WakeUpsDeps {
  readonly clientConfig: ClientConfig;
  readonly pool: Pool;
  readonly logger: Logger;
  /** Null after a reconnect: anything may have been missed. */
  readonly onWork: (queues: readonly string[] | null) => void;
}

const CHANNEL = 'bus';
const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5_000;

export const makeWakeUps = (deps: WakeUpsDeps): WakeUps => {
  const self = randomUUID();
  const stopping = new AbortController();
  let client: Client | null = null;

  const hear = (payload: string): void => {
    const [sender, ...queues] = payload.split(' ');
    if (sender !== self) deps.onWork(queues);
  };
  const connect = async (): Promise<void> => {
    const next = new Client({ ...deps.clientConfig, keepAlive: true });
    let ended = false;
    // It emits `error` twice and then `end` when its backend dies; unhandled, the first would end the process.
    const onEnd = (): void => {
      if (ended) return;
      ended = true;
      if (client === next) void reconnect();
    };
    next.on('error', onEnd);
    next.on('end', onEnd);
    next.on('notification', (message) => hear(message.payload ?? ''));
    await next.connect();
    await next.query(`LISTEN ${CHANNEL}`);
    client = next;
  };
  const reconnect = async (): Promise<void> => {
    client = null;
    for (let waitMs = RECONNECT_FIRST_MS; !stopping.signal.aborted; waitMs = Math.min(RECONNECT_MAX_MS, waitMs * 2)) {
      try {
        await connect();
        deps.onWork(null);
        return;
      } catch (thrown) {
        deps.logger.warn({ err: toError(thrown) }, 'bus database does not answer, connecting again');
        await pause(waitMs, stopping.signal);
      }
    }
  };

  const announce = makeAnnouncer(self, deps.pool);

  return {
    start: connect,
    announce,
    announcementOf: (queues) => {
      const payload = escapeLiteral([self, ...queues].join(' '));
      return `BEGIN; SET LOCAL synchronous_commit = off; SELECT pg_notify('${CHANNEL}', ${payload}); COMMIT`;
    },
    stop: async () => {
      stopping.abort();
      const last = client;
      client = null;
      await last?.end().catch(() => undefined);
    },
  };
};

const makeAnnouncer = (self: string, pool: Pool): WakeUps['announce'] => {
  let unannounced = new Set<string>();
  let announcing = false;
  /** Notifications queue behind one lock of the whole database: one at a time, and what comes meanwhile goes together. */
  const announceAll = async (): Promise<void> => {
    if (announcing) return;
    announcing = true;
    while (unannounced.size > 0) {
      const payload = [self, ...unannounced].join(' ');
      unannounced = new Set();
      await pool.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]).catch(() => undefined);
    }
    announcing = false;
  };
  return (queues) => {
    for (const queue of queues) unannounced.add(queue);
    void announceAll();
  };
};
