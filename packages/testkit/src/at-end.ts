type Stop = () => Promise<void>;

const stops: Stop[] = [];

/** Runs `stop` when the mocha process ends (tools/mocha-root.ts calls `runAtEnd`), last registered first. */
export const atEnd = (stop: Stop): void => {
  stops.push(stop);
};

/** A stop that fails does not keep the others from running; the first failure is thrown afterwards. */
export const runAtEnd = async (): Promise<void> => {
  const failures: unknown[] = [];
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the test process could not clean up');
};
