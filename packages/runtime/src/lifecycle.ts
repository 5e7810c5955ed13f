import { toError } from '@quittance/kernel';

import { type Logger } from './logger.ts';

export interface LifecyclePart {
  readonly name: string;
  readonly start?: () => Promise<void>;
  readonly stop?: () => Promise<void>;
}

export interface Lifecycle {
  add(part: LifecyclePart): void;
  /** In the order of `add`. When one fails, what had started is stopped and its error is thrown. */
  start(): Promise<void>;
  /** In reverse order, each within 5 s; a part that fails or hangs is logged and does not keep the others. Idempotent. */
  stop(): Promise<void>;
}

const STOP_DEADLINE_MS = 5000;

export const makeLifecycle = (logger: Logger, stopDeadlineMs = STOP_DEADLINE_MS): Lifecycle => {
  const parts: LifecyclePart[] = [];
  const started: LifecyclePart[] = [];

  const stop = async (): Promise<void> => {
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      await stopPart(part, logger, stopDeadlineMs);
    }
  };

  return {
    add: (part) => {
      parts.push(part);
    },
    start: async () => {
      for (const part of parts) {
        try {
          await part.start?.();
          started.push(part);
        } catch (error) {
          logger.error({ err: toError(error), part: part.name }, 'could not start');
          await stop();
          throw error;
        }
      }
    },
    stop,
  };
};

const stopPart = async (part: LifecyclePart, logger: Logger, deadlineMs: number): Promise<void> => {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    deadline = setTimeout(() => resolve('late'), deadlineMs);
  });
  try {
    const outcome = await Promise.race([part.stop?.(), late]);
    if (outcome === 'late') logger.warn({ part: part.name, deadlineMs }, 'did not stop in time, left behind');
  } catch (error) {
    logger.warn({ err: toError(error), part: part.name }, 'failed while stopping');
  } finally {
    clearTimeout(deadline);
  }
};
