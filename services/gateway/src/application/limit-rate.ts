import { platformFail, type WallClock } from '@quittance/kernel';

import { type RateLimit, takeToken, type TokenBucket } from '../domain/token-bucket.ts';

const CALLERS_MAX = 50_000;

/** Throws `platform.rate_limited` with `details.retryAfterSeconds` when the caller has come too often. */
export type LimitRate<Class extends string> = (rateClass: Class, caller: string) => void;

/**
 * Counts per process: two replicas allow twice as much. A caller is forgotten who may come as often as one who never
 * came, and the longest unseen one when memory is full.
 */
export const makeLimitRate = <Class extends string>({
  limits,
  wallClock,
}: {
  readonly limits: Readonly<Record<Class, RateLimit>>;
  readonly wallClock: WallClock;
}): LimitRate<Class> => {
  const buckets = new Map<string, TokenBucket>();
  const refilledMs = Math.max(...Object.values<RateLimit>(limits).map(fillingMs));
  const forgetRefilled = (nowMs: number): void => {
    for (const [key, { filledAtMs }] of buckets) {
      if (nowMs - filledAtMs <= refilledMs) return;
      buckets.delete(key);
    }
  };
  return (rateClass, caller) => {
    const nowMs = wallClock.nowMs();
    const key = `${rateClass} ${caller}`;
    const known = buckets.get(key) ?? null;
    if (known === null) forgetRefilled(nowMs);
    const { bucket, waitMs } = takeToken(known, limits[rateClass], nowMs);
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > CALLERS_MAX) buckets.delete(buckets.keys().next().value ?? key);
    if (waitMs === 0) return;
    throw platformFail('platform.rate_limited', 'You have come too often.', {
      details: { retryAfterSeconds: Math.ceil(waitMs / 1000) },
    });
  };
};

const fillingMs = ({ burst, perSecond }: RateLimit): number => (burst * 1000) / perSecond;
