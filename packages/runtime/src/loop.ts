import { toError, type WallClock } from '@quittance/kernel';

import { type Logger } from './logger.ts';
import { type Operation, runInOperation } from './operation.ts';
import { newTraceparent } from './traceparent.ts';

/** Repeated work in the background: a relay, a claim loop, a sweep. */
export interface Loop {
  start(): void;
  /** Run soon. Any number of calls before or during a run cause one more run. */
  wake(): void;
  /** Tells the running work to end and waits for it. */
  stop(): Promise<void>;
  /** True while it runs, is about to, or has failed and will try again. */
  busy(): boolean;
}

/** Starts a timer and gives back what cancels it. */
export type Schedule = (run: () => void, delayMs: number) => () => void;

export interface LoopOptions {
  readonly name: string;
  readonly intervalMs: number;
  /** How long a wake waits for company, where one run does the work of many wakes; default 0. */
  readonly gatherMs?: number;
  readonly wallClock: WallClock;
  readonly logger: Logger;
  /** `again` when there is certainly more to do; the signal aborts when the loop is stopped. */
  readonly run: (signal: AbortSignal) => Promise<'again' | 'idle'>;
  /** Default: setTimeout. */
  readonly schedule?: Schedule;
}

const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 30_000;

/**
 * Runs at start, when woken and every `intervalMs`, never twice at once. A failure is logged and tried again after
 * 100 ms, doubling up to the interval or 30 s. Each run is an operation of its own, acting as the system.
 */
export const makeLoop = (options: LoopOptions): Loop => {
  const { schedule = timer, gatherMs = 0 } = options;
  const stopping = new AbortController();
  let cancelTimer: (() => void) | null = null;
  let running: Promise<void> = Promise.resolve();
  let active = false;
  let woken = false;
  let started = false;
  let failures = 0;

  const plan = (delayMs: number): void => {
    cancelTimer?.();
    if (!stopping.signal.aborted) cancelTimer = schedule(begin, delayMs);
  };

  const begin = (): void => {
    if (active || stopping.signal.aborted) return;
    active = true;
    woken = false;
    running = runAndPlan();
  };

  const runAndPlan = async (): Promise<void> => {
    const delayMs = await runOnce();
    active = false;
    plan(woken && failures === 0 ? Math.min(gatherMs, delayMs) : delayMs);
  };

  const runOnce = async (): Promise<number> => {
    try {
      const outcome = await runInOperation(operationOfLoop(options), () => options.run(stopping.signal));
      failures = 0;
      if (outcome === 'idle') return options.intervalMs;
      woken = true;
      return 0;
    } catch (error) {
      failures += 1;
      if (!stopping.signal.aborted)
        options.logger.error({ err: toError(error), loop: options.name }, 'loop failed, will try again');
      return backoffMs(failures, options.intervalMs);
    }
  };

  return {
    start: () => {
      started = true;
      woken = true;
      plan(0);
    },
    wake: () => {
      if (!started || woken) return;
      woken = true;
      if (!active && failures === 0) plan(gatherMs);
    },
    stop: async () => {
      stopping.abort();
      cancelTimer?.();
      await running;
    },
    busy: () => !stopping.signal.aborted && (active || woken || failures > 0),
  };
};

/** One run of a loop, or one piece of work that is its own; acts as the system. */
export const operationOfLoop = ({ name, wallClock }: Pick<LoopOptions, 'name' | 'wallClock'>): Operation => ({
  id: `${name}:${wallClock.nowMs()}`,
  about: name,
  actor: { kind: 'system', id: name },
  correlationId: null,
  requestId: null,
  sourceIp: null,
  traceparent: newTraceparent(),
  enlisted: [],
});

const backoffMs = (failures: number, intervalMs: number): number =>
  Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 20), Math.max(intervalMs, BACKOFF_FIRST_MS), BACKOFF_MAX_MS);

/** Zero waits for the event loop's turn only, so that a burst of wakes is one run. */
const timer: Schedule = (run, delayMs) => {
  if (delayMs === 0) {
    const immediate = setImmediate(run);
    return () => clearImmediate(immediate);
  }
  const timeout = setTimeout(run, delayMs);
  return () => clearTimeout(timeout);
};
