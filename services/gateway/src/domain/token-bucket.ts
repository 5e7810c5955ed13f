/** How often a caller may come: on average, and in one go. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface TokenBucket {
  readonly tokens: number;
  /** Wall time. */
  readonly filledAtMs: number;
}

export interface Taken {
  readonly bucket: TokenBucket;
  /** Zero: go on. Otherwise wait this long. */
  readonly waitMs: number;
}

/** Takes one token; a new caller starts with a full bucket. A clock that goes back fills nothing and takes nothing away. */
export const takeToken = (bucket: TokenBucket | null, limit: RateLimit, nowMs: number): Taken => {
  const elapsedMs = bucket === null ? 0 : Math.max(0, nowMs - bucket.filledAtMs);
  const before = bucket?.tokens ?? limit.burst;
  const tokens = Math.min(limit.burst, before + (elapsedMs * limit.perSecond) / 1000);
  const filledAtMs = Math.max(nowMs, bucket?.filledAtMs ?? nowMs);
  if (tokens >= 1) return { bucket: { tokens: tokens - 1, filledAtMs }, waitMs: 0 };
  return { bucket: { tokens, filledAtMs }, waitMs: Math.ceil(((1 - tokens) * 1000) / limit.perSecond) };
};
