import { type InNumberingQueue } from './ports.ts';

/**
 * A number is read, decided with, and taken in one commit that fails if somebody else took it first. Within one process
 * that race would be lost all the time, so numbering commits queue up here, and then take turns with other replicas.
 * Callers are bounded by the consumer's concurrency, and one that fails does not stop the next.
 */
export const makeNumberingQueue = (inTurn: InNumberingQueue): InNumberingQueue => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = afterwards(last, () => inTurn(work));
    last = result;
    return result;
  };
};

const afterwards = async <T>(before: Promise<unknown>, work: () => Promise<T>): Promise<T> => {
  await before.catch(() => undefined);
  return work();
};
