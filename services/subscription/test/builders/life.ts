import { type LifeFacts } from '../../src/domain/decide-life.ts';
import { type LifeStep } from '../../src/domain/life-step.ts';
import { type Subscription } from '../../src/domain/subscription.ts';

/** What a step is decided from where nothing else goes on: nothing is scheduled, waits to be paid, or was replaced. */
export const lifeFacts = (subscription: Subscription, step: LifeStep, now: Date): LifeFacts => ({
  subscription,
  step,
  scheduled: null,
  coupon: null,
  open: null,
  replaced: null,
  holder: null,
  entitlements: [],
  reason: null,
  now,
  version: subscription.version + 1,
});
