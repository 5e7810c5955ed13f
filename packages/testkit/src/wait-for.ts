const PAUSE_MS = 10;

export interface WaitForOptions {
  /** Default 5000. */
  readonly deadlineMs?: number;
  /** What is awaited, for the failure: "the plan to reach subscription". */
  readonly what: string;
}

/**
 * Polls until `check` answers something other than null, undefined or false, and resolves with it.
 * A check that throws counts as "not yet"; after the deadline its last error is the cause of the failure.
 */
export const waitFor = async <T>(
  check: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  options: WaitForOptions,
): Promise<T> => {
  const deadlineMs = options.deadlineMs ?? 5000;
  const endsAt = performance.now() + deadlineMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== null && value !== undefined && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= endsAt) {
      throw new Error(`Waited ${String(deadlineMs)} ms for ${options.what}, in vain.`, { cause: lastError });
    }
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
  }
};
