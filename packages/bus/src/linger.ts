/** Something that is soon to be done, for whatever asks for it until then. */
export interface Linger {
  /** At once when there is nothing to wait for; else so many milliseconds after the first who asked. */
  ask(): void;
  /** Whoever asked is served already, or no longer to be. */
  cancel(): void;
}

export const makeLinger = (ms: number, act: () => void): Linger => {
  let timer: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const end = (): void => {
    cancel();
    act();
  };
  return {
    ask: () => {
      if (ms === 0) act();
      else timer ??= setTimeout(end, ms);
    },
    cancel,
  };
};
