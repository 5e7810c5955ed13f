export interface UntilOptions<T> {
  readonly enough: (answer: T) => boolean;
  /** Default 20 s. */
  readonly deadlineMs?: number;
  /** Pause between two questions; default 20 ms. */
  readonly everyMs?: number;
}

/** Asks again until the answer will do; throws with the last answer when the time is over. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T>,
  options: UntilOptions<T> | UntilOptions<T>['enough'],
): Promise<T> => {
  const { enough, deadlineMs = 20_000, everyMs = 20 } = typeof options === 'function' ? { enough: options } : options;
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    if (performance.now() > endMs) {
      throw new Error(`Waited ${deadlineMs} ms for ${what}, in vain; the last answer was ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
