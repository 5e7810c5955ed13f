import { must } from '@quittance/kernel';

import { type ChangeFacts } from '../../src/domain/change-outcomes.ts';
import { type PlannedChange } from '../../src/domain/change.ts';
import { type MeasureFacts } from '../../src/domain/period-measure.ts';
import { planChange } from '../../src/domain/plan-change.ts';
import { type Subscription } from '../../src/domain/subscription.ts';
import { commitOver, settle } from './any-change.ts';
import { changeFacts } from './change.ts';

export const BASES = ['fixed30', 'actual'] as const;
export type Basis = MeasureFacts['basis'];

/** What a change at that instant would be. */
export const asked = (
  subscription: Subscription,
  wish: Partial<ChangeFacts['wish']>,
  change: Partial<ChangeFacts> & { readonly basis?: Basis } = {},
): PlannedChange => {
  const { basis = 'actual', ...rest } = change;
  const facts = changeFacts({ subscription, ...rest });
  return planChange({
    ...facts,
    wish: { ...facts.wish, ...wish },
    current: { ...facts.current, prorationBasis: basis },
  });
};

/** The subscription when that change is made, and paid if it costs something. */
export const made = (before: Subscription, plan: PlannedChange, now: Date): Subscription => {
  const decision = must(commitOver(null, { subscription: before, plan, now }), 'a decision');
  return decision.checkout === null ? must(decision.subscription, 'a subscription') : settle(before, decision, now);
};
