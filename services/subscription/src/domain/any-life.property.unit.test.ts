import { assertNever, must } from '@quittance/kernel';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  commitOver,
  DAY_MS,
  factsOf,
  planned,
  settlementOf,
  starts,
  TAX_RATE_PPM,
  trialOf,
  unlessRefused,
  type Wish,
  wishes,
  worldOf,
} from '../../test/builders/any-change.ts';
import { type SubscriptionChange } from './change.ts';
import { type ChangeDecision } from './decide-change.ts';
import { decideDue } from './decide-due.ts';
import { decideLife } from './decide-life.ts';
import { decideMissedPayment, decideRenewed } from './decide-renewal-outcome.ts';
import { decideRenewal, nextPeriodOf } from './decide-renewal.ts';
import { type LifeStep } from './life-step.ts';
import { type Period, type Subscription } from './subscription.ts';

/** How the bank behaves from now on: renewals are paid as they fall due, declined, or still on their way. */
type Bank = 'pays' | 'declines' | 'is_slow';

type Happening =
  | { readonly kind: 'wait'; readonly days: number }
  | { readonly kind: 'change'; readonly wish: Wish; readonly paidAfterDays: number }
  | { readonly kind: 'step'; readonly step: StepName }
  | { readonly kind: 'bank'; readonly bank: Bank }
  /** What is owed is paid. */
  | { readonly kind: 'pay' };

const STEPS = ['pause', 'pause_until', 'resume', 'suspend', 'reinstate', 'cancel', 'cancel_now'] as const;
type StepName = (typeof STEPS)[number];

interface Life {
  readonly subscription: Subscription;
  readonly scheduled: SubscriptionChange | null;
  /** A change that is being paid for, and when that is done. */
  readonly paying: { readonly decision: ChangeDecision; readonly at: Date } | null;
  /** A renewal whose money has not come. */
  readonly owed: Period | null;
  readonly bank: Bank;
  readonly now: Date;
}

/** `at`: the instant that what happened is counted from. */
interface Step {
  readonly what: string;
  readonly before: Subscription;
  readonly after: Subscription;
  readonly at: Date;
}

describe('any life', () => {
  const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 45 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('change' as const),
          wish: wishes,
          paidAfterDays: fc.constantFrom(0, 0, 1, 12),
        }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('step' as const), step: fc.constantFrom(...STEPS) }) },
      fc.record({
        kind: fc.constant('bank' as const),
        bank: fc.constantFrom('pays' as const, 'declines' as const, 'is_slow' as const),
      }),
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('pay' as const) }) },
    ),
    { minLength: 5, maxLength: 30 },
  );

  const bought = fc.record({ wish: wishes, onTrial: fc.boolean() });

  it('has periods without gap and without overlap, whatever happens in it', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(starts(), bought, happenings, (start, { wish, onTrial }, list) => {
        const subscription = onTrial ? trialOf(wish.target, start) : worldOf(wish, start);
        let life: Life = { subscription, scheduled: null, paying: null, owed: null, bank: 'pays', now: start };
        for (const happening of list) {
          const steps: Step[] = [];
          life = happen(life, happening, steps);
          for (const step of steps) {
            if (step.before !== step.after) seen.set(step.what, (seen.get(step.what) ?? 0) + 1);
            expectContinuous(step);
          }
        }
      }),
      { numRuns: 1200 },
    );
    const all = [
      ...STEPS,
      'changed',
      'scheduled',
      'paid late',
      'renewed',
      'declined',
      'renewed late',
      'trial_end',
      'change',
    ];
    for (const what of all) expect(seen.get(what) ?? 0, what).to.be.greaterThan(0);
  });

  const happen = (life: Life, happening: Happening, steps: Step[]): Life => {
    switch (happening.kind) {
      case 'wait':
        return wait(life, new Date(life.now.getTime() + happening.days * DAY_MS), steps);
      case 'change':
        return change(life, happening, steps);
      case 'step':
        return step(life, happening.step, steps);
      case 'bank':
        return { ...life, bank: happening.bank };
      case 'pay':
        return life.owed === null ? life : paid(life, life.owed, { what: 'renewed late', at: life.now, steps });
      default:
        return assertNever(happening);
    }
  };

  const change = (life: Life, { wish, paidAfterDays }: Extract<Happening, { kind: 'change' }>, steps: Step[]): Life => {
    const { subscription: before, scheduled, now } = life;
    const plan = planned(factsOf(before, wish, now));
    const decision = plan && commitOver(scheduled, { subscription: before, plan, now });
    if (!decision) return life;
    if (decision.checkout !== null) {
      const paying = { decision, at: new Date(now.getTime() + paidAfterDays * DAY_MS) };
      return paidAfterDays === 0
        ? settleChange({ ...life, paying }, paying, { what: 'changed', steps })
        : { ...life, paying };
    }
    const after = must(decision.subscription, 'subscription');
    const waits = decision.change.status === 'scheduled';
    steps.push({ what: waits ? 'scheduled' : 'changed', before, after, at: now });
    return { ...life, subscription: after, scheduled: waits ? decision.change : null };
  };

  /** The period that was agreed begins as it was agreed, however late the money came; or it no longer fits. */
  const settleChange = (
    life: Life,
    { decision, at }: NonNullable<Life['paying']>,
    { what, steps }: { readonly what: string; readonly steps: Step[] },
  ): Life => {
    const outcome = settlementOf(life.subscription, decision, at);
    if (outcome.kind !== 'apply') return { ...life, paying: null };
    const after = outcome.subscription;
    steps.push({ what, before: life.subscription, after, at: decision.change.effectiveAt });
    return { ...life, subscription: after, scheduled: null, paying: null };
  };

  const step = (life: Life, name: StepName, steps: Step[]): Life => {
    const { subscription: before, scheduled, now } = life;
    const wanted: Readonly<Record<StepName, LifeStep>> = {
      pause: { kind: 'pause', resumesAt: null },
      pause_until: { kind: 'pause', resumesAt: new Date(now.getTime() + 9 * DAY_MS) },
      resume: { kind: 'resume' },
      suspend: { kind: 'suspend' },
      reinstate: { kind: 'reinstate' },
      cancel: { kind: 'cancel', when: 'period_end' },
      cancel_now: { kind: 'cancel', when: 'now' },
    };
    const nothing = { coupon: null, open: null, replaced: null, holder: null, entitlements: [], reason: null };
    const facts = { subscription: before, scheduled, ...nothing, now };
    const decided = unlessRefused(() => decideLife({ ...facts, step: wanted[name], version: before.version + 1 }));
    if (decided === null) return life;
    steps.push({ what: name, before, after: decided.subscription, at: now });
    const kept = decided.undone === null ? (decided.moved ?? scheduled) : null;
    return { ...life, subscription: decided.subscription, scheduled: kept };
  };

  /** Works off what fell due, and the payments that were on their way, in order. */
  const wait = (from: Life, until: Date, steps: Step[]): Life => {
    let life = from;
    for (let n = 0; n < 200; n += 1) {
      const { due } = life.subscription;
      const { paying } = life;
      const isDue = due !== null && due.at <= until;
      if (paying !== null && paying.at <= until && (!isDue || paying.at <= due.at)) {
        life = settleChange(life, paying, { what: 'paid late', steps });
      } else if (isDue) {
        life = due.kind === 'renewal' ? renew(life, due.at, steps) : fall(life, { at: due.at, now: until }, steps);
      } else {
        return { ...life, now: until };
      }
    }
    return expect.fail('something falls due for ever');
  };

  const renew = (life: Life, at: Date, steps: Step[]): Life => {
    const { subscription: before } = life;
    const period = nextPeriodOf(before);
    const begun = decideRenewal(before, { now: at, version: before.version + 1, coupon: null }).subscription;
    const asked: Life = { ...life, subscription: begun, owed: period };
    if (life.bank === 'pays') return paid(asked, period, { what: 'renewed', at, steps });
    if (life.bank === 'is_slow') return asked;
    const outcome = decideMissedPayment(factsFor(begun, at), { period, attempt: 1, reason: 'declined', failedAt: at });
    if (outcome.kind !== 'change') return asked;
    steps.push({ what: 'declined', before, after: outcome.subscription, at });
    return { ...asked, subscription: outcome.subscription };
  };

  /** Where a period was stretched, or the life is over, what was owed is a person's to sort out. */
  const paid = (
    life: Life,
    period: Period,
    { what, at, steps }: { readonly what: string; readonly at: Date; readonly steps: Step[] },
  ): Life => {
    const { subscription: before } = life;
    const renewal = { period, paid: before.price, taxRatePpm: TAX_RATE_PPM, replayed: false };
    const outcome = decideRenewed(factsFor(before, at), renewal);
    if (outcome.kind !== 'change') return { ...life, owed: null };
    steps.push({ what, before, after: outcome.subscription, at: period.start });
    return { ...life, subscription: outcome.subscription, owed: null };
  };

  const factsFor = (subscription: Subscription, now: Date) => ({
    subscription,
    entitlements: [],
    renewalCoupon: null,
    now,
    version: subscription.version + 1,
  });

  const fall = (life: Life, { at, now }: { readonly at: Date; readonly now: Date }, steps: Step[]): Life => {
    const { subscription: before, scheduled } = life;
    const nothing = { coupon: null, entitlements: [], usage: new Map<string, number>() };
    const decision = decideDue({ subscription: before, scheduled, ...nothing, now, version: before.version + 1 });
    const after = must(decision.kind === 'settle' ? decision.subscription : null, 'something was due');
    steps.push({ what: before.due?.kind ?? 'nothing', before, after, at });
    return { ...life, subscription: after, scheduled: before.due?.kind === 'change' ? null : scheduled };
  };

  /** The same period, stretched or not; or one that begins where the other ended, or where it was given up. */
  const expectContinuous = ({ what, before, after, at }: Step): void => {
    if (after.period === null) return;
    expect(after.period.end.getTime(), what).to.be.greaterThan(after.period.start.getTime());
    expect(after.periodPaid.amountMinor >= 0n, what).to.equal(true);
    if (before.period === null) return;
    const [then, now] = [before.period, after.period];
    if (now.start.getTime() === then.start.getTime()) {
      expect(now.end.getTime(), what).to.be.at.least(Math.min(then.end.getTime(), at.getTime()));
      return;
    }
    // A paid period follows its trial; one that begins after it has ended (the account was suspended) begins then.
    const follows = before.periodKind === 'trial' ? at <= then.end : at >= then.end || after.periodKind !== 'paid';
    const givenUp = follows ? then.end : at;
    expect(now.start.toISOString(), what).to.equal(givenUp.toISOString());
  };
});
