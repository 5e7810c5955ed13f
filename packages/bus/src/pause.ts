import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or returns at once when the signal aborts. */
export const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    // Aborted: whoever asked looks at the signal next.
  }
};
