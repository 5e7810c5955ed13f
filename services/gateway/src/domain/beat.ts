/** Subscription’s sign of life. Both wall time: its own, and ours when it reached us. */
export interface Beat {
  readonly beatAt: Date;
  readonly receivedAt: Date;
}

/**
 * Up to when the projection is known to be complete. The older of both times: a late beat out of a backlog is old
 * however fresh it arrives, and a clock that runs ahead must not make a dead subscription look alive.
 */
export const currentUpTo = ({ beatAt, receivedAt }: Beat): Date =>
  beatAt.getTime() < receivedAt.getTime() ? beatAt : receivedAt;

export const isStale = (beat: Beat | null, nowMs: number, staleAfterMs: number): boolean =>
  beat === null || nowMs - currentUpTo(beat).getTime() > staleAfterMs;
