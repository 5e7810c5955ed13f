/** Business time: what renewals, trials, ladders and price locks are measured with. The sandbox may move it. */
export interface Clock {
  now(): Date;
}

/** Wall time: leases, retry delays, time-outs and the ages of tokens, signatures and idempotency keys. Never moved. */
export interface WallClock {
  nowMs(): number;
}
