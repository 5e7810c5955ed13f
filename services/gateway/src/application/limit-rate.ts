import { platformFail, type WallClock } from '@quittance/kernel';

import { type RateLimit, takeToken, type TokenBucket } from '../domain/token-bucket.ts';

const CALLERS_MAX = 50_000;

/** Throws `platform.rate_limited` with `details.retryAfterSeconds` when the caller has come too often. */
export type LimitRate<Class extends string> = (rateClass: Class, caller: string) => void;

/** Counts per process: two replicas allow twice as much. The longest unseen caller is forgotten when memory is full. */
export const makeLimitRate = <Class extends string>(deps: {
  readonly limits: Readonly<Record<Class, RateLimit>>;
  readonly wallClock: WallClock;
}): LimitRate<Class> => {
  const buckets = new Map<string, TokenBucket>();
  return (rateClass, caller) => {
    const key = `${rateClass} ${caller}`;
    const { bucket, waitMs } = takeToken(buckets.get(key) ?? null, deps.limits[rateClass], deps.wallClock.nowMs());
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > CALLERS_MAX) buckets.delete(buckets.keys().next().value ?? key);
    if (waitMs === 0) return;
    throw platformFail('platform.rate_limited', 'You have come too often.', {
      details: { retryAfterSeconds: Math.ceil(waitMs / 1000) },
    });
  };
};
