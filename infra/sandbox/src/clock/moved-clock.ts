import { type Clock } from '@quittance/kernel';
import { z } from 'zod';

import { type SandboxDatabase } from '../database.ts';
import { readSetting, writeSetting } from '../settings.ts';

const SETTING = 'clock';
const Stored = z.object({ offsetMs: z.int().nonnegative(), revision: z.int().nonnegative() });

/** Business time of the whole suite: the machine's, plus what it was moved by. Kept in the database. */
export interface MovedClock extends Clock {
  offsetMs(): number;
  /** Grows with every move, so that a service knows whether it has heard of the last one. */
  revision(): number;
  /** Never back: what is already later stays as it is. */
  moveTo(instant: Date): Promise<void>;
}

export const openMovedClock = async (database: SandboxDatabase, base: Clock): Promise<MovedClock> => {
  const stored = Stored.safeParse(await readSetting(database, SETTING));
  let state = stored.success ? stored.data : { offsetMs: 0, revision: 0 };
  const now = (): Date => new Date(base.now().getTime() + state.offsetMs);
  return {
    now,
    offsetMs: () => state.offsetMs,
    revision: () => state.revision,
    moveTo: async (instant) => {
      const aheadMs = Math.max(0, instant.getTime() - now().getTime());
      const next = { offsetMs: state.offsetMs + aheadMs, revision: state.revision + 1 };
      // Remembered first: a service that has heard of a time must never be told an earlier one.
      await writeSetting(database, SETTING, next);
      state = next;
    },
  };
};
