import { platformFail } from '@quittance/kernel';

import { type VerifyChain } from './verify-chain.ts';

const WAITING_MAX = 2;

/**
 * A walk reads up to 100,000 links: many at once would keep everybody else from the database. One walks, and whoever
 * asks for the same beginning before the next one starts shares it, so that no answer is older than its question.
 *
 * @throws platform.rate_limited when too many different walks wait
 */
export const oneWalkAtATime = (verify: VerifyChain): VerifyChain => {
  const waiting = new Map<number, ReturnType<VerifyChain>>();
  let last: Promise<unknown> = Promise.resolve();
  return async (from) => {
    const shared = waiting.get(from);
    if (shared !== undefined) return shared;
    if (waiting.size >= WAITING_MAX) {
      throw platformFail('platform.rate_limited', 'Too many verifications wait already.', {
        details: { retryAfterSeconds: 1 },
      });
    }
    const walk = last.then(() => {
      waiting.delete(from);
      return verify(from);
    });
    waiting.set(from, walk);
    last = walk.catch(() => undefined);
    return walk;
  };
};
