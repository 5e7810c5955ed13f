import { type Clock, type WallClock } from '@quittance/kernel';
import { makeShiftableClocks, systemClock, systemWallClock } from '@quittance/runtime';
import { z } from 'zod';

/** What a fault harness may ask of the process it started; answered with `{ clocksShifted: true }`. */
const ClockMessage = z.strictObject({ shiftBusinessMs: z.int(), shiftWallMs: z.int() });

export interface ProcessClocks {
  readonly clock: Clock;
  readonly wallClock: WallClock;
}

/**
 * The machine's clocks. In production nothing can move them; outside, the process that started this one may set them
 * wrong over its own channel, as a bad time server would.
 */
export const processClocks = (mode: 'production' | 'sandbox'): ProcessClocks => {
  if (mode === 'production') return { clock: systemClock, wallClock: systemWallClock };
  const clocks = makeShiftableClocks();
  process.on('message', (message) => {
    const asked = ClockMessage.safeParse(message);
    if (!asked.success) return;
    clocks.shift({ businessMs: asked.data.shiftBusinessMs, wallMs: asked.data.shiftWallMs });
    process.send?.({ clocksShifted: true });
  });
  return clocks;
};
