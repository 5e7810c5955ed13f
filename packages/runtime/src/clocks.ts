import { type Clock, type WallClock } from '@quittance/kernel';

/** Business time as the machine's clock tells it; the sandbox replaces it with one that can be moved. */
export const systemClock: Clock = { now: () => new Date() };

/** Wall time in ms since 1970. */
export const systemWallClock: WallClock = { nowMs: () => Date.now() };

/** How far both clocks are off. */
export interface ClockShift {
  readonly businessMs: number;
  readonly wallMs: number;
}

/** A machine whose clocks can be set wrong: fault tests only. */
export interface ShiftableClocks {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  /** From the true time, not from the last shift. */
  shift(by: ClockShift): void;
}

export const makeShiftableClocks = (
  clock: Clock = systemClock,
  wallClock: WallClock = systemWallClock,
): ShiftableClocks => {
  let shift: ClockShift = { businessMs: 0, wallMs: 0 };
  return {
    clock: { now: () => new Date(clock.now().getTime() + shift.businessMs) },
    wallClock: { nowMs: () => wallClock.nowMs() + shift.wallMs },
    shift: (by) => {
      shift = by;
    },
  };
};
