import { type Logger } from '@quittance/runtime';

import { type Subscription } from '../transport.ts';
import { type ClaimLoop, makeClaimLoop, type QueueToWork } from './claim-loop.ts';
import { type Arrivals, type DeliveryTable } from './delivery-table.ts';
import { makeLeases } from './leases.ts';

/** Every claim loop of this process, and all that wakes them. */
export interface Workers {
  start(): void;
  work(queue: QueueToWork): Subscription;
  /** Null: all of them. */
  wake(arrivals: Arrivals | null): void;
  wakeLater(queue: string, delayMs: number): void;
  stop(): Promise<void>;
}

export interface WorkersDeps {
  readonly table: DeliveryTable;
  readonly leaseMs: number;
  readonly logger: Logger;
}

/** One small query per process finds what no notification told: retries of other processes, leases that ran out. */
const POLL_MS = 500;

export const makeWorkers = ({ table, leaseMs, logger }: WorkersDeps): Workers => {
  const leases = makeLeases(table, leaseMs);
  const loops = new Set<ClaimLoop>();
  const timers = new Set<NodeJS.Timeout>();
  let poller: NodeJS.Timeout | undefined;

  const wake = (arrivals: Arrivals | null): void => {
    for (const loop of loops) {
      const types = arrivals === null ? [] : arrivals.get(loop.queue);
      if (types !== undefined) loop.wake(types);
    }
  };
  const poll = async (): Promise<void> => {
    if (loops.size === 0) return;
    const queues = [...new Set([...loops].map((loop) => loop.queue))];
    // A database that is away is reported by those who need it; the poll just comes again.
    await table.queuesWithWork(queues).then(wake, () => undefined);
  };
  return {
    start: () => {
      poller = setInterval(() => void poll(), POLL_MS);
    },
    work: (queue) => {
      const loop = makeClaimLoop({ table, leases, logger, ...queue });
      loops.add(loop);
      loop.wake([]);
      return {
        stop: async () => {
          loops.delete(loop);
          await loop.stop();
        },
      };
    },
    wake,
    wakeLater: (queue, delayMs) => {
      // Timers may fire a fraction early, and then nothing would be due yet.
      const timer = setTimeout(() => {
        timers.delete(timer);
        wake(new Map([[queue, []]]));
      }, delayMs + 2);
      timers.add(timer);
    },
    stop: async () => {
      clearInterval(poller);
      await Promise.all([...loops].map((loop) => loop.stop()));
      loops.clear();
      for (const timer of timers) clearTimeout(timer);
      leases.stop();
    },
  };
};
