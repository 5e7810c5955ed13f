import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { aSubscription, changeFacts, day, NEWER, PLANS } from '../../test/builders/change.ts';
import { afterwards } from './apply-target.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { type PlannedChange } from './change.ts';
import { planChange } from './plan-change.ts';

describe('moving to the newest version', () => {
  const june = { start: day('2027-06-01'), end: day('2027-07-01') };
  const onBasic = aSubscription({ plan: PLANS.basic, period: june });
  const at = day('2027-06-16');
  const move = (change: Partial<ChangeFacts> = {}): PlannedChange =>
    planChange(changeFacts({ subscription: onBasic, target: NEWER.basic, at, byOperator: true, wish, ...change }));

  it('costs nothing now and comes with the next period, at its own price: 120 and 20 % tax', () => {
    const planned = move();

    expect(planned).to.include({ kind: 'version_move', scheduled: true });
    expect(planned.effectiveAt).to.deep.equal(june.end);
    expect(planned.lines).to.deep.equal([]);
    const after = afterwards(onBasic, planned);
    expect(after.planVersionId).to.equal(NEWER.basic.planVersionId);
    expect(after.renewalTotal?.amountMinor).to.equal(14_400n);
    expect(after.due).to.deep.equal({ at: june.end, kind: 'renewal' });
  });

  it('keeps the trial a trial, and asks nobody to pay', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    const planned = move({ subscription: trial });

    expect(planned).to.include({ kind: 'version_move', scheduled: false });
    expect(planned.effectiveAt).to.deep.equal(at);
    expect(planned.charge.amountMinor).to.equal(0n);
    const after = afterwards(trial, planned);
    expect(after).to.include({ status: 'trialing', planVersionId: NEWER.basic.planVersionId, periodKind: 'trial' });
    expect(after.price.amountMinor).to.equal(12_000n);
    expect([after.trialEnd, after.due, after.period]).to.deep.equal([trial.trialEnd, trial.due, trial.period]);
  });

  it('moves what costs nothing at once', () => {
    const onFree = aSubscription({ plan: PLANS.free, period: null });

    expect(move({ subscription: onFree, target: NEWER.free })).to.include({ kind: 'version_move', scheduled: false });
  });

  it('to another plan is no move: it is upgraded, downgraded and paid for like any change', () => {
    // 15 ÷ 30 × (200 − 100) = 50
    expect(move({ target: PLANS.standard })).to.deep.include({ kind: 'upgrade', scheduled: false });
    expect(move({ target: PLANS.standard }).charge.amountMinor).to.equal(5000n);
    const onStandard = aSubscription({ plan: PLANS.standard, period: june });
    expect(move({ subscription: onStandard, target: NEWER.basic })).to.include({ kind: 'downgrade', scheduled: true });
  });

  it('leaves the rest of a wish alone where the version is the newest already', () => {
    // 15 ÷ 30 × 2 × 100 = 100
    const more = move({ target: PLANS.basic, wish: { ...wish, quantity: 3 } });

    expect(more).to.include({ kind: 'upgrade', scheduled: false });
    expect(more.charge.amountMinor).to.equal(10_000n);
  });

  const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
  const refusals: readonly [string, Partial<ChangeFacts>, string][] = [
    ['nothing newer', { target: PLANS.basic }, 'subscription.nothing_to_change'],
    ['nothing newer for a trial', { target: PLANS.basic, subscription: trial }, 'subscription.nothing_to_change'],
    ['a version that is off sale', { target: { ...NEWER.basic, status: 'retired' } }, 'subscription.plan_not_for_sale'],
    ['more in use than it allows', { usage: new Map([['agents', 3]]) }, 'subscription.usage_exceeds_plan'],
    [
      'more in use than it allows in a trial',
      { subscription: trial, usage: new Map([['agents', 3]]) },
      'subscription.usage_exceeds_plan',
    ],
    [
      'a price where there was none',
      {
        subscription: aSubscription({ plan: PLANS.free, period: null }),
        target: { ...NEWER.free, prices: NEWER.basic.prices },
      },
      'subscription.payment_needed',
    ],
  ];
  for (const [name, change, code] of refusals) {
    it(`is refused for ${name}`, () => {
      try {
        move(change);
      } catch (error) {
        if (!isDomainError(error)) throw error;
        expect(error.code).to.equal(code);
        return;
      }
      expect.fail('it was not refused');
    });
  }
});

const wish = { ...changeFacts().wish, newestVersion: true };
