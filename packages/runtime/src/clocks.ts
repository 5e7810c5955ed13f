import { type Clock, type WallClock } from '@quittance/kernel';

/** Business time as the machine's clock tells it; the sandbox replaces it with one that can be moved. */
export const systemClock: Clock = { now: () => new Date() };

/** Wall time in ms since 1970. */
export const systemWallClock: WallClock = { nowMs: () => Date.now() };
