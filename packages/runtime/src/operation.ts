import { AsyncLocalStorage } from 'node:async_hooks';

import { type Actor, assert, type Write } from '@quittance/kernel';

/** What is being done now, and for whom: one HTTP request, one message, or one tick of a job. */
export interface Operation {
  /** Request id, message id or job run; becomes the `causationid` of what it sends. */
  readonly id: string;
  /** What is done: the type of a message, a route, the name of a job. */
  readonly about?: string;
  readonly actor: Actor;
  /** Null until something (a checkout, a renewal) gives the work its name. */
  readonly correlationId: string | null;
  readonly requestId: string | null;
  readonly sourceIp: string | null;
  readonly traceparent: string | null;
  /**
   * Writes the next commit must carry: the inbox row of a delivery, the key of an idempotent request. The unit of work
   * takes them with its first commit; a delivery commits at most once.
   */
  readonly enlisted: Write[];
}

const storage = new AsyncLocalStorage<Operation>();

export const runInOperation = <T>(operation: Operation, work: () => Promise<T>): Promise<T> =>
  storage.run(operation, work);

/** Null outside any operation (start-up, tests of pure parts). */
export const currentOperation = (): Operation | null => storage.getStore() ?? null;

export const requireOperation = (): Operation => {
  const operation = currentOperation();
  assert(operation, 'work that commits runs inside an operation: wrap it in runInOperation');
  return operation;
};
