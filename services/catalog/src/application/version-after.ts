import { type WallClock } from '@quittance/kernel';

/** Only grows, also past a restored database. */
export const versionAfter = (previous: number, { wallClock }: { readonly wallClock: WallClock }): number =>
  Math.max(previous + 1, wallClock.nowMs());
