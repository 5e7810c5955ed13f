/** Lines that say how far the start is, each with the seconds since the beginning. */
export interface Progress {
  readonly line: (text: string) => void;
  readonly seconds: () => string;
}

export const makeProgress = (): Progress => {
  const startedMs = performance.now();
  const seconds = (): string => ((performance.now() - startedMs) / 1000).toFixed(1);
  return {
    line: (text) => {
      process.stdout.write(`  ${seconds().padStart(5)} s  ${text}\n`);
    },
    seconds,
  };
};
