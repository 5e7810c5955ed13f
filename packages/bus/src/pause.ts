import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or returns at once when the signal aborts. */
export const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    // Aborted: whoever asked looks at the signal next.
  }
};

/** Waits for the work, and no longer than so many milliseconds; the timer ends with it, and keeps no process alive. */
export const waitAtMost = async (work: Promise<unknown>, maxMs: number): Promise<void> => {
  const over = new AbortController();
  try {
    await Promise.race([work, pause(maxMs, over.signal)]);
  } finally {
    over.abort();
  }
};
