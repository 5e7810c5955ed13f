import { type Subscription } from './subscription.ts';

/**
 * Its period is longer by as long as it stood still, and that time is none that was paid for. Later periods are counted
 * from its new end: no gap, no overlap. The start stays, because the invoice is known by it.
 */
export const stoodStill = (subscription: Subscription, stoodMs: number): Subscription => {
  const { period, periodCountedFrom } = subscription;
  if (period === null) return subscription;
  const end = new Date(period.end.getTime() + stoodMs);
  const from = Math.max(period.start.getTime(), periodCountedFrom?.getTime() ?? 0);
  return {
    ...subscription,
    period: { start: period.start, end },
    periodCountedFrom: new Date(from + stoodMs),
    anchorAt: end,
  };
};
