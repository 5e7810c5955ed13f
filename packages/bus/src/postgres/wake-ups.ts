import { randomUUID } from 'node:crypto';

import { toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { Client, type ClientConfig, escapeIdentifier, escapeLiteral, type Pool } from 'pg';

import { pause } from '../pause.ts';
import { type Arrivals } from './delivery-table.ts';

/**
 * Tells other processes what came on which queue, and hears it from them. A lost word costs one poll. Each queue has a
 * channel of its own, so that nobody is told what is not for him.
 */
export interface WakeUps {
  start(): Promise<void>;
  /** From here on this process is told what comes on the queue. */
  listen(queue: string): Promise<void>;
  announce(queue: string): void;
  /** What came as SQL, for who wants it sent right behind something else. */
  announcementOf(arrivals: Arrivals): string;
  stop(): Promise<void>;
}

export interface WakeUpsDeps {
  readonly clientConfig: ClientConfig;
  readonly pool: Pool;
  readonly logger: Logger;
  /** Null after a reconnect: anything may have been missed. */
  readonly onWork: (arrivals: Arrivals | null) => void;
}

const CHANNELS = 'bus:';
const RECONNECT_FIRST_MS = 100;
const RECONNECT_MAX_MS = 5_000;

export const makeWakeUps = (deps: WakeUpsDeps): WakeUps => {
  const self = randomUUID();
  const stopping = new AbortController();
  const queues = new Set<string>();
  let client: Client | null = null;
  let listening: Promise<void> = Promise.resolve();

  const hear = (channel: string, payload: string): void => {
    const [sender, ...types] = payload.split(' ');
    if (sender !== self) deps.onWork(new Map([[channel.slice(CHANNELS.length), types]]));
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
    next.on('notification', ({ channel, payload }) => hear(channel, payload ?? ''));
    await next.connect();
    // Also to what is asked for meanwhile.
    for (let asked = -1; asked < queues.size;) {
      asked = queues.size;
      await next.query([...queues].map(listenTo).join(';'));
    }
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

  /** One at a time; without a connection the next one listens to it as well. */
  const listenAfter = async (before: Promise<void>, queue: string): Promise<void> => {
    await before;
    await client?.query(listenTo(queue)).catch(() => undefined);
  };

  return {
    start: connect,
    listen: (queue) => {
      queues.add(queue);
      listening = listenAfter(listening, queue);
      return listening;
    },
    announce: makeAnnouncer(self, deps.pool),
    announcementOf: (arrivals) => `BEGIN; SET LOCAL synchronous_commit = off; ${announcement(self, arrivals)}; COMMIT`,
    stop: async () => {
      stopping.abort();
      const last = client;
      client = null;
      await last?.end().catch(() => undefined);
    },
  };
};

const listenTo = (queue: string): string => `LISTEN ${escapeIdentifier(CHANNELS + queue)}`;

const announcement = (self: string, arrivals: Arrivals): string => {
  const calls = [...arrivals].map(
    ([queue, types]) => `pg_notify(${escapeLiteral(CHANNELS + queue)}, ${escapeLiteral([self, ...types].join(' '))})`,
  );
  return `SELECT ${calls.join(', ')}`;
};

const makeAnnouncer = (self: string, pool: Pool): WakeUps['announce'] => {
  let unannounced = new Map<string, readonly []>();
  let announcing = false;
  /** Notifications queue behind one lock of the whole database: one at a time, and what comes meanwhile goes together. */
  const announceAll = async (): Promise<void> => {
    if (announcing) return;
    announcing = true;
    while (unannounced.size > 0) {
      const sql = announcement(self, unannounced);
      unannounced = new Map();
      await pool.query(sql).catch(() => undefined);
    }
    announcing = false;
  };
  return (queue) => {
    unannounced.set(queue, []);
    void announceAll();
  };
};
