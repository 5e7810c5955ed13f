import { type PeriodEffect, type SubscriptionChange } from './change.ts';
import { type Period } from './subscription.ts';

/**
 * A scheduled change waits for the end of its period. Where that is another instant by now (the period was stretched),
 * the change moves with it: what it gives is as long, and as free, as it was agreed.
 */
export const moveWithPeriod = (
  scheduled: SubscriptionChange,
  { end }: Pick<Period, 'end'>,
  version: number,
): SubscriptionChange => {
  const byMs = end.getTime() - scheduled.effectiveAt.getTime();
  if (byMs === 0) return scheduled;
  const { target } = scheduled;
  return {
    ...scheduled,
    effectiveAt: end,
    target: { ...target, effect: moved(target.effect, byMs), basedOn: { ...target.basedOn, periodEnd: end } },
    version,
  };
};

const moved = (effect: PeriodEffect, byMs: number): PeriodEffect => {
  const later = (instant: Date): Date => new Date(instant.getTime() + byMs);
  if (effect.kind === 'end') return { ...effect, at: later(effect.at) };
  if (effect.kind === 'keep') return { ...effect, anchorAt: effect.anchorAt && later(effect.anchorAt) };
  const { start, end } = effect.period;
  return { ...effect, period: { start: later(start), end: later(end) }, anchorAt: later(effect.anchorAt) };
};
