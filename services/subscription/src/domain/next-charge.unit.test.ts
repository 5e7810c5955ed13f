import { must } from '@quittance/kernel';
import { expect } from 'chai';

import { atItsDay, commit, commitOver } from '../../test/builders/any-change.ts';
import { aSubscription, changeFacts, day, NEWER, PLANS } from '../../test/builders/change.ts';
import { settled } from './begin-period.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { decideDue } from './decide-due.ts';
import { decideUndo } from './decide-undo.ts';
import { planChange } from './plan-change.ts';
import { nextChargeAt, nextChargeOf, type Subscription } from './subscription.ts';

describe('the next charge', () => {
  const june = { start: day('2027-06-01'), end: day('2027-07-01') };
  const at = day('2027-06-16');
  const onStandard = aSubscription({ plan: PLANS.standard, period: june });
  const told = (subscription: Subscription) => [
    nextChargeAt(subscription)?.toISOString().slice(0, 10) ?? null,
    subscription.renewalTotal === null ? null : Number(subscription.renewalTotal.amountMinor) / 100,
  ];
  const schedule = (before: Subscription, change: Partial<ChangeFacts>) => {
    const planned = planChange(changeFacts({ subscription: before, at, byOperator: true, ...change }));
    const decision = must(commit(before, planned, at), 'a decision');
    return { change: decision.change, waiting: must(decision.subscription, 'what waits') };
  };

  // With 20 % of tax throughout.
  const table: readonly [string, Subscription, Partial<ChangeFacts>, readonly [string | null, number | null]][] = [
    [
      'fewer of the same: 100 + 20 %',
      aSubscription({ plan: PLANS.basic, period: june, quantity: 3 }),
      { wish: { ...changeFacts().wish, quantity: 1 } },
      ['2027-07-01', 120],
    ],
    ['a downgrade: 20 days of bonus, then 100 + 20 %', onStandard, { target: PLANS.basic }, ['2027-07-21', 120]],
    ['a plan without a price', onStandard, { target: PLANS.free }, [null, null]],
    [
      'a newer version: 120 + 20 %',
      aSubscription({ plan: PLANS.basic, period: june }),
      { target: NEWER.basic, wish: { ...changeFacts().wish, newestVersion: true } },
      ['2027-07-01', 144],
    ],
  ];
  for (const [name, before, change, expected] of table) {
    it(`is told while a change is scheduled to ${name}`, () => {
      const { waiting, change: scheduled } = schedule(before, change);

      expect(waiting.due?.kind).to.equal('change');
      expect(told(waiting)).to.deep.equal(expected);
      expect(told(atItsDay(waiting, scheduled))).to.deep.equal(expected);
    });
  }

  // Imported, with the first invoice still to come.
  const untaxed = (subscription: Subscription): Subscription => settled({ ...subscription, taxRatePpm: null });
  const off = { code: 'TENTH', discount: { kind: 'percentage', ratePpm: 100_000 } } as const;
  const inclusive = onStandard.items.map((item) => ({ ...item, taxBehavior: 'inclusive' as const }));
  const tells: readonly [string, Subscription, readonly [bigint, boolean]][] = [
    ['200 before tax', onStandard, [20_000n, false]],
    ['200 less a tenth before tax', { ...onStandard, renewalCoupon: off }, [18_000n, false]],
    ['200 with the tax it includes', { ...onStandard, items: inclusive }, [20_000n, true]],
  ];
  for (const [what, subscription, [amountMinor, withTax]] of tells) {
    it(`is told where no invoice has told a rate: ${what}`, () => {
      const next = must(nextChargeOf(untaxed(subscription)), 'the next charge');

      expect([next.amount.amountMinor, next.withTax]).to.deep.equal([amountMinor, withTax]);
      expect(next.at).to.deep.equal(june.end);
    });
  }

  it('is told where no invoice has told a rate, after a scheduled change: 20 days of bonus, then 100', () => {
    const { waiting } = schedule(untaxed(onStandard), { target: PLANS.basic });

    expect(nextChargeOf(waiting)).to.deep.include({ at: day('2027-07-21'), withTax: false });
    expect(nextChargeOf(waiting)?.amount.amountMinor).to.equal(10_000n);
  });

  it('is none of a trial, and of what ends with its period', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    const ending = untaxed({ ...onStandard, cancelAtPeriodEnd: true });

    expect([nextChargeOf(trial), nextChargeOf(ending)]).to.deep.equal([null, null]);
    expect([trial.renewalPrice, ending.renewalPrice]).to.deep.equal([null, null]);
  });

  it('is that of before once the change is undone', () => {
    const { waiting, change } = schedule(onStandard, { target: PLANS.basic });
    const undone = decideUndo({ subscription: waiting, change, open: null, now: at, version: 9 });

    expect(told(onStandard)).to.deep.equal(['2027-07-01', 240]);
    expect(told(undone.subscription)).to.deep.equal(['2027-07-01', 240]);
  });

  it('stays that of the scheduled change when another one, which waits for its payment, is given up', () => {
    const { waiting, change: scheduled } = schedule(onStandard, { target: PLANS.basic });
    const wish = { ...changeFacts().wish, quantity: 2 };
    const plan = planChange(changeFacts({ subscription: waiting, at, target: PLANS.standard, wish }));
    const { change } = must(commitOver(scheduled, { subscription: waiting, plan, now: at }), 'a decision');
    const undone = decideUndo({ subscription: waiting, change, open: null, now: at, version: 9 });

    expect([change.status, undone.change.status]).to.deep.equal(['awaiting_payment', 'undone']);
    expect(undone.subscription.due).to.deep.equal(waiting.due);
    expect(told(undone.subscription)).to.deep.equal(['2027-07-21', 120]);
  });
});

describe('a scheduled change on its day', () => {
  it('happens as agreed where more is in use by then, and its record says what', () => {
    const june = { start: day('2027-06-01'), end: day('2027-07-01') };
    const before = aSubscription({ plan: PLANS.standard, period: june });
    const planned = planChange(changeFacts({ subscription: before, target: PLANS.basic }));
    const { change, subscription } = must(commit(before, planned, day('2027-06-16')), 'a decision');
    const decision = decideDue({
      subscription: must(subscription, 'what waits'),
      scheduled: change,
      coupon: null,
      entitlements: PLANS.basic.entitlements,
      usage: new Map([['agents', 5]]),
      now: june.end,
      version: 9,
    });

    if (decision.kind === 'nothing') expect.fail('nothing was due');
    expect(decision.subscription.planKey).to.equal('basic');
    expect(decision.audit[0]?.after).to.deep.include({ exceeded: [{ feature: 'agents', used: 5, limit: 3 }] });
  });
});
