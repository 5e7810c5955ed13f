import { must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import { commit } from '../../test/builders/any-change.ts';
import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { decideLife } from './decide-life.ts';
import { type LifeStep } from './life-step.ts';
import { planChange } from './plan-change.ts';
import { previewLife } from './preview-life.ts';
import { type Replaced } from './restore-replaced.ts';
import { nextChargeAt, type Subscription } from './subscription.ts';

describe('previewLife', () => {
  const june = { start: day('2027-06-01'), end: day('2027-07-01') };
  const now = day('2027-06-16');
  const active = aSubscription({ plan: PLANS.basic, period: june });
  const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
  const free: Replaced = {
    subscription: { ...aSubscription({ plan: PLANS.free, period: null }), status: 'cancelled', version: 4 },
    entitlements: [],
  };
  const paused: Subscription = { ...active, status: 'paused', pause: { since: day('2027-06-11'), resumesAt: null } };
  const ending: Subscription = { ...active, cancelAtPeriodEnd: true };
  const facts = (subscription: Subscription, step: LifeStep) => lifeFacts(subscription, step, now);
  const cancelNow = { kind: 'cancel', when: 'now' } as const;

  // Access ends, not refunded, next charge.
  const table: readonly [string, Subscription, LifeStep, readonly [string | null, number, string | null]][] = [
    // 15 of 30 days left of 100
    ['cancelled now', active, cancelNow, ['2027-06-16', 50, null]],
    [
      'cancelled now, half of it a gift',
      { ...active, periodPaid: money(5000n, 'USD') },
      cancelNow,
      ['2027-06-16', 25, null],
    ],
    // It has stood still since the 11th: 20 of 30 days left
    ['cancelled now in a pause', paused, cancelNow, ['2027-06-16', 66.67, null]],
    ['cancelled now in a trial', trial, cancelNow, ['2027-06-16', 0, null]],
    ['cancelled with its period', active, { kind: 'cancel', when: 'period_end' }, ['2027-07-01', 0, null]],
    ['paused', active, { kind: 'pause', resumesAt: null }, ['2027-06-16', 0, null]],
    // Five days stood still
    ['resumed', paused, { kind: 'resume' }, [null, 0, '2027-07-06']],
    ['resumed before it ends', ending, { kind: 'resume' }, [null, 0, '2027-07-01']],
    ['suspended', active, { kind: 'suspend' }, ['2027-06-16', 0, null]],
    ['reinstated', { ...active, status: 'suspended' }, { kind: 'reinstate' }, [null, 0, '2027-07-01']],
  ];
  for (const [name, subscription, step, expected] of table) {
    it(`tells what ends, what is not refunded and what is charged next when it is ${name}`, () => {
      const { after, accessEndsAt, notRefunded } = previewLife(facts(subscription, step), 'actual');

      expect([
        accessEndsAt?.toISOString().slice(0, 10) ?? null,
        Number(notRefunded.amountMinor) / 100,
        nextChargeAt(after)?.toISOString().slice(0, 10) ?? null,
      ]).to.deep.equal(expected);
    });
  }

  it('names the scheduled change that will not happen', () => {
    const planned = planChange(changeFacts({ subscription: active, target: PLANS.free, at: now }));
    const { change, subscription } = must(commit(active, planned, now), 'a decision');
    const waiting = must(subscription, 'what waits');
    const preview = previewLife({ ...facts(waiting, { kind: 'pause', resumesAt: null }), scheduled: change }, 'actual');

    expect(preview.undone).to.include({ id: change.id, status: 'undone' });
  });

  it('tells that the open invoice of a renewal will be void', () => {
    const overdue: Subscription = { ...active, status: 'past_due', renewingFrom: june.end };

    expect(previewLife(facts(overdue, cancelNow), 'actual').voidsRenewalFrom).to.deep.equal(june.end);
    expect(previewLife(facts(active, cancelNow), 'actual').voidsRenewalFrom).to.equal(null);
  });

  it('tells that the open invoice stays to be paid where its period was used before it was suspended', () => {
    const owing: Subscription = {
      ...active,
      status: 'suspended',
      suspendedAt: day('2027-07-10'),
      renewingFrom: june.end,
    };
    const preview = previewLife(lifeFacts(owing, { kind: 'reinstate' }, day('2027-07-12')), 'actual');

    expect(preview.after).to.deep.include({ status: 'past_due', accessUntil: day('2027-07-22') });
    expect(preview).to.include({ accessEndsAt: null, voidsRenewalFrom: null });
  });

  it('shows the free plan that is there again after a trial, and nothing after anything else', () => {
    const shown = previewLife({ ...facts(trial, cancelNow), replaced: free }, 'actual').restored;

    expect(shown).to.include({ planKey: 'free', status: 'active', cancelledAt: null, version: 4 });
    expect(previewLife(facts(trial, cancelNow), 'actual').restored).to.equal(null);
    expect(previewLife({ ...facts(trial, { kind: 'suspend' }), replaced: free }, 'actual').restored).to.equal(null);
  });

  it('is what the step then does', () => {
    const steps = fc.constantFrom<LifeStep>(
      cancelNow,
      { kind: 'cancel', when: 'period_end' },
      { kind: 'pause', resumesAt: day('2027-06-25') },
      { kind: 'resume' },
      { kind: 'suspend' },
      { kind: 'reinstate' },
    );
    let taken = 0;
    let restored = 0;
    fc.assert(
      fc.property(fc.constantFrom(active, trial, paused, ending), steps, (subscription, step) => {
        const asked = { ...facts(subscription, step), replaced: subscription === trial ? free : null };
        const decided = outcome(() => decideLife(asked));
        const previewed = outcome(() => previewLife(asked, 'actual'));
        if (decided !== null && previewed !== null) taken += 1;
        if (decided?.restored) restored += 1;
        expect(previewed && { ...previewed.after, version: 8 }).to.deep.equal(decided && decided.subscription);
        expect(previewed?.restored && { ...previewed.restored, version: 9 }).to.deep.equal(decided?.restored);
      }),
    );
    expect(taken).to.be.greaterThan(20);
    expect(restored).to.be.greaterThan(0);
  });
});

/** Null where it is refused. */
function outcome<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
