import { type Secret } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type Pool } from 'pg';

import { type Listening, listen } from './listen.ts';

/** Waits for a row to change, wherever it is changed: a request is answered as soon as its outcome is stored. */
export interface RowWaiter {
  start(): void;
  stop(): Promise<void>;
  /**
   * Calls `check` now, whenever (channel, key) is announced, and every 250 ms, until it answers something or
   * `timeoutMs` have passed (then null). Rejects with what `check` throws.
   */
  waitFor<T>(channel: string, key: string, check: () => Promise<T | null>, timeoutMs: number): Promise<T | null>;
  /** After the commit that changed the row. Wakes waiters in every process; losing it only costs them 250 ms. */
  notify(channel: string, key: string): void;
}

export interface RowWaiterOptions {
  readonly url: Secret;
  readonly pool: Pool;
  readonly applicationName: string;
  readonly logger: Logger;
  /** Replaced in tests of the polling fallback. */
  readonly listen?: typeof listen;
}

const ROWS_CHANNEL = 'rows';
const RECHECK_MS = 250;

export const makeRowWaiter = (options: RowWaiterOptions): RowWaiter => {
  const waiters = new Map<string, Set<() => void>>();
  let listening: Listening | null = null;
  const wake = (topic: string): void => {
    for (const waiter of waiters.get(topic) ?? []) waiter();
  };
  const wakeAll = (): void => {
    for (const topic of waiters.keys()) wake(topic);
  };
  const start = (): void => {
    listening ??= (options.listen ?? listen)({
      url: options.url,
      applicationName: options.applicationName,
      channels: [ROWS_CHANNEL],
      onNotification: (_channel, payload) => wake(payload),
      onConnected: wakeAll,
      logger: options.logger,
    });
  };
  const sleep = (topic: string, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const group = waiters.get(topic) ?? new Set();
      const done = (): void => {
        clearTimeout(timer);
        group.delete(done);
        if (group.size === 0) waiters.delete(topic);
        resolve();
      };
      const timer = setTimeout(done, ms);
      group.add(done);
      waiters.set(topic, group);
    });
  return {
    start,
    stop: async () => {
      const stopped = listening;
      listening = null;
      await stopped?.stop();
      wakeAll();
    },
    // oxlint-disable-next-line max-params -- each is plain at the call; an options object would only name them again
    waitFor: async (channel, key, check, timeoutMs) => {
      const topic = topicOf(channel, key);
      const deadlineMs = performance.now() + timeoutMs;
      for (;;) {
        // Registered before looking, so that a change between looking and sleeping still wakes us.
        const leftMs = deadlineMs - performance.now();
        const woken = sleep(topic, Math.max(0, Math.min(leftMs, RECHECK_MS)));
        const found = await check();
        if (found !== null || leftMs <= 0) {
          return found;
        }
        await woken;
      }
    },
    notify: (channel, key) => {
      const topic = topicOf(channel, key);
      wake(topic);
      options.pool
        .query('SELECT pg_notify($1, $2)', [ROWS_CHANNEL, topic])
        .catch((error: unknown) => options.logger.debug({ err: error }, 'a row notification was lost'));
    },
  };
};

const topicOf = (channel: string, key: string): string => `${channel}:${key}`;
