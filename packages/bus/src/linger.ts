/** Something that is soon to be done, for whatever asks for it until then. */
export interface Linger {
  /** Within so many milliseconds, or earlier with whoever asked for it earlier; at once for 0. */
  ask(ms: number): void;
  /** Whoever asked is served already, or no longer to be. */
  cancel(): void;
}

export const makeLinger = (act: () => void): Linger => {
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Infinity;
  const cancel = (): void => {
    clearTimeout(timer);
    dueMs = Infinity;
  };
  const end = (): void => {
    cancel();
    act();
  };
  return {
    ask: (ms) => {
      if (ms === 0) {
        end();
        return;
      }
      const askedMs = performance.now() + ms;
      if (askedMs >= dueMs) return;
      cancel();
      dueMs = askedMs;
      timer = setTimeout(end, ms);
    },
    cancel,
  };
};
