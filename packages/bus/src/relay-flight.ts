import { toError } from '@quittance/kernel';

import { pause } from './pause.ts';
import { type OutboxRow } from './stores.ts';

/** Under way at once: the next is read while the confirms of the former are out. */
const BATCHES_MAX = 4;
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 5_000;

export interface Flight {
  /** Resolves when another batch may begin, also after the pause that a failure costs. */
  room(signal: AbortSignal): Promise<void>;
  hasRoom(): boolean;
  positions(): readonly string[];
  begin(rows: readonly OutboxRow[]): void;
  landed(): Promise<void>;
  empty(): boolean;
}

export interface FlightDeps {
  /** False when some of it stays unsent. Throws when nothing can be marked sent any more. */
  readonly carry: (rows: readonly OutboxRow[]) => Promise<boolean>;
  readonly lookAgain: () => void;
  readonly giveUp: (reason: Error) => void;
}

/** The batches under way. What stays unsent is forgotten here, and so it is read again, after a growing pause. */
export const makeFlight = ({ carry, lookAgain, giveUp }: FlightDeps): Flight => {
  const batches = new Map<Promise<void>, readonly string[]>();
  let pauseMs = 0;
  const run = async (rows: readonly OutboxRow[]): Promise<void> => {
    try {
      const sentAll = await carry(rows);
      pauseMs = sentAll ? 0 : Math.min(PAUSE_MAX_MS, Math.max(PAUSE_FIRST_MS, pauseMs * 2));
      if (!sentAll) lookAgain();
    } catch (thrown) {
      giveUp(toError(thrown));
    }
  };
  return {
    room: async (signal) => {
      if (pauseMs > 0) await pause(pauseMs, signal);
      while (batches.size >= BATCHES_MAX) await Promise.race(batches.keys());
    },
    hasRoom: () => pauseMs === 0 && batches.size < BATCHES_MAX,
    positions: () => [...batches.values()].flat(),
    begin: (rows) => {
      const positions = rows.map((row) => row.position);
      const batch = run(rows).finally(() => batches.delete(batch));
      batches.set(batch, positions);
    },
    landed: async () => {
      await Promise.all(batches.keys());
    },
    empty: () => batches.size === 0,
  };
};
