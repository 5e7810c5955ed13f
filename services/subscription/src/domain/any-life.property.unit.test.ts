import { isDomainError, must } from '@quittance/kernel';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  commit,
  DAY_MS,
  factsOf,
  planned,
  settle,
  starts,
  type Wish,
  wishes,
  worldOf,
} from '../../test/builders/any-change.ts';
import { beginPeriod } from './begin-period.ts';
import { type SubscriptionChange } from './change.ts';
import { decideDue } from './decide-due.ts';
import { decideLife } from './decide-life.ts';
import { type LifeStep } from './life-step.ts';
import { periodAfter } from './period.ts';
import { type Subscription } from './subscription.ts';

describe('any life', () => {
  type Happening =
    | { readonly kind: 'wait'; readonly days: number }
    | { readonly kind: 'change'; readonly wish: Wish }
    | { readonly kind: 'step'; readonly step: 'pause' | 'resume' | 'suspend' | 'reinstate' | 'cancel' };
  const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 45 }) }),
      fc.record({ kind: fc.constant('change' as const), wish: wishes }),
      fc.record({
        kind: fc.constant('step' as const),
        step: fc.constantFrom('pause', 'resume', 'suspend', 'reinstate', 'cancel'),
      }),
    ),
    { minLength: 5, maxLength: 25 },
  );

  it('has periods without gap and without overlap, whatever happens in it', () => {
    fc.assert(
      fc.property(wishes, starts(), happenings, (first, start, list) => {
        let life: Life = { subscription: worldOf(first, start), scheduled: null, now: start };
        for (const happening of list) {
          const next = happen(life, happening);
          for (const [before, after] of next.steps) expectContinuous(before, after);
          life = next.life;
        }
      }),
      { numRuns: 300 },
    );
  });

  interface Life {
    readonly subscription: Subscription;
    readonly scheduled: SubscriptionChange | null;
    readonly now: Date;
  }
  type Steps = readonly (readonly [Subscription, { readonly subscription: Subscription; readonly at: Date }])[];

  const happen = (life: Life, happening: Happening): { readonly life: Life; readonly steps: Steps } => {
    if (happening.kind === 'wait')
      return wait({ ...life, now: new Date(life.now.getTime() + happening.days * DAY_MS) });
    const after = happening.kind === 'change' ? change(life, happening.wish) : step(life, happening.step);
    return { life: after, steps: [[life.subscription, { subscription: after.subscription, at: life.now }]] };
  };

  const change = (life: Life, wish: Wish): Life => {
    const plan = planned(factsOf(life.subscription, wish, life.now));
    const decision = plan && commit(life.subscription, plan, life.now);
    if (!decision) return life;
    if (decision.checkout)
      return { ...life, subscription: settle(life.subscription, decision, life.now), scheduled: null };
    return {
      ...life,
      subscription: must(decision.subscription, 'subscription'),
      scheduled: decision.change.status === 'scheduled' ? decision.change : null,
    };
  };

  const step = (life: Life, kind: 'pause' | 'resume' | 'suspend' | 'reinstate' | 'cancel'): Life => {
    const steps: Readonly<Record<typeof kind, LifeStep>> = {
      pause: { kind: 'pause', resumesAt: null },
      resume: { kind: 'resume' },
      suspend: { kind: 'suspend' },
      reinstate: { kind: 'reinstate' },
      cancel: { kind: 'cancel', when: 'period_end' },
    };
    try {
      const { subscription, undone } = decideLife({
        subscription: life.subscription,
        step: steps[kind],
        scheduled: life.scheduled,
        open: null,
        entitlements: [],
        reason: null,
        now: life.now,
        version: life.subscription.version + 1,
      });
      return { ...life, subscription, scheduled: undone === null ? life.scheduled : null };
    } catch (error) {
      if (isDomainError(error)) return life;
      throw error;
    }
  };

  /** Works off what fell due, in order; a renewal is paid the moment it is due. */
  const wait = (life: Life): { readonly life: Life; readonly steps: Steps } => {
    let { subscription, scheduled } = life;
    const steps: [Subscription, { subscription: Subscription; at: Date }][] = [];
    for (let n = 0; n < 100 && subscription.due !== null && subscription.due.at <= life.now; n += 1) {
      const before = subscription;
      const at = subscription.due.at;
      subscription =
        subscription.due.kind === 'renewal' ? renewed(subscription) : fallen(subscription, scheduled, life.now);
      if (before.due?.kind === 'change') scheduled = null;
      steps.push([before, { subscription, at }]);
    }
    return { life: { ...life, subscription, scheduled }, steps };
  };

  const renewed = (subscription: Subscription): Subscription => {
    const period = periodAfter(
      must(subscription.period, 'period'),
      must(subscription.anchorAt, 'anchor'),
      subscription.interval,
    );
    return beginPeriod(subscription, { period, kind: 'paid', paid: subscription.price, taxRatePpm: null });
  };

  const fallen = (subscription: Subscription, scheduled: SubscriptionChange | null, now: Date): Subscription => {
    const nothing = { coupon: null, entitlements: [], usage: new Map() };
    const decision = decideDue({ subscription, scheduled, ...nothing, now, version: subscription.version + 1 });
    return must(decision.kind === 'settle' ? decision.subscription : null, 'something was due');
  };

  /** The same period, stretched or not; or one that begins where the other ended, or where it was given up. */
  const expectContinuous = (
    before: Subscription,
    { subscription: after, at }: { readonly subscription: Subscription; readonly at: Date },
  ): void => {
    if (after.period === null) return;
    expect(after.period.end.getTime()).to.be.greaterThan(after.period.start.getTime());
    if (before.period === null) return;
    const [then, now] = [before.period, after.period];
    if (now.start.getTime() === then.start.getTime()) {
      expect(now.end.getTime()).to.be.at.least(Math.min(then.end.getTime(), at.getTime()));
      return;
    }
    const given_up = at < then.end ? at : then.end;
    expect(now.start.toISOString()).to.equal(given_up.toISOString());
  };
});
