import { type InNumberingQueue } from './ports.ts';

/**
 * A number is read, decided with, and taken in one commit that fails if somebody else took it first. Within one process
 * that race would be lost all the time, so numbering commits queue up here; between replicas a lost race is retried by
 * the bus. Callers are bounded by the consumer's concurrency, and one that fails does not stop the next.
 */
export const makeNumberingQueue = (): InNumberingQueue => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work, work);
    last = result;
    return result;
  };
};
