import { toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { makeLinger } from '../linger.ts';
import { pause, waitAtMost } from '../pause.ts';
import { makeClaimFromQueue } from './claim-floor.ts';
import { type ClaimedRow, type DeliveryTable } from './delivery-table.ts';
import { type Leases } from './leases.ts';

export interface ClaimLoop {
  readonly queue: string;
  /** There may be something of these types to take; of any, when they are not known. */
  wake(types: readonly string[]): void;
  /** Takes nothing new; waits up to 5 s for what is being handled. */
  stop(): Promise<void>;
}

export interface QueueToWork {
  readonly queue: string;
  readonly atOnceMax: number;
  /** From being woken for something of a type to taking what there is then. */
  readonly lingerMs: (type: string) => number;
  /** Handles and settles one row. When it throws, the row is given back a second later. */
  readonly handle: (row: ClaimedRow) => Promise<void>;
}

export interface ClaimLoopDeps extends QueueToWork {
  readonly table: DeliveryTable;
  readonly leases: Leases;
  readonly logger: Logger;
}

const CLAIM_MAX = 500;
const DRAIN_MAX_MS = 5_000;
const AFTER_FAILURE_MS = 1_000;

export const makeClaimLoop = (deps: ClaimLoopDeps): ClaimLoop => {
  const { table, logger, queue, atOnceMax, lingerMs } = deps;
  const claim = makeClaimFromQueue(table, queue);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let wanted = false;
  let claiming = false;
  let claimed: Promise<void> = Promise.resolve();

  const start = (row: ClaimedRow): void => {
    const work = handleHeld(deps, row, stopping.signal).finally(() => {
      running.delete(work);
      // Half free before the next claim: one query then takes several rows instead of one.
      if (wanted && running.size <= atOnceMax / 2) void pump();
    });
    running.add(work);
  };

  const pump = (): Promise<void> => {
    if (!claiming) claimed = take();
    return claimed;
  };

  const take = async (): Promise<void> => {
    claiming = true;
    try {
      while (wanted && !stopping.signal.aborted && running.size < atOnceMax) {
        wanted = false;
        const limit = Math.min(CLAIM_MAX, atOnceMax - running.size);
        const rows = await claim(limit);
        if (rows.length === limit) wanted = true;
        if (stopping.signal.aborted) await giveAllBack(table, rows);
        else rows.forEach(start);
      }
    } catch (thrown) {
      logger.warn({ queue, err: toError(thrown) }, 'could not take deliveries; the next poll tries again');
    } finally {
      claiming = false;
    }
  };

  const linger = makeLinger(() => void pump());

  return {
    queue,
    wake: (types) => {
      wanted = true;
      linger.ask(types.length === 0 ? 0 : Math.min(...types.map(lingerMs)));
    },
    stop: async () => {
      stopping.abort();
      linger.cancel();
      const drained = claimed.then(() => Promise.all(running));
      await waitAtMost(drained, DRAIN_MAX_MS);
    },
  };
};

const handleHeld = async (deps: ClaimLoopDeps, row: ClaimedRow, stopping: AbortSignal): Promise<void> => {
  const { table, leases, logger, queue } = deps;
  leases.hold(row);
  try {
    await deps.handle(row);
  } catch (thrown) {
    logger.warn({ queue, messageId: row.messageId, err: toError(thrown) }, 'delivery goes back to its queue');
    // A failure of our own side; without the pause it would be taken again at once, for ever.
    await pause(AFTER_FAILURE_MS, stopping);
    await table.giveBack(row).catch(() => undefined);
  } finally {
    leases.drop(row);
  }
};

/** Taken while we were told to stop: whoever owns the handler may be gone before it ends. */
const giveAllBack = async (table: DeliveryTable, rows: readonly ClaimedRow[]): Promise<void> => {
  await Promise.all(rows.map((row) => table.giveBack(row)));
};
