import { must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { atItsDay, commit } from '../../test/builders/any-change.ts';
import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { aCoupon } from '../../test/builders/coupon.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { decideLife } from './decide-life.ts';
import { planChange } from './plan-change.ts';
import { type Plan } from './plan.ts';
import { previewLife } from './preview-life.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const onStandard = aSubscription({ plan: PLANS.standard, period: june });

/** Gives Standard up on 16 June, is suspended on the 20th and reinstated on `back`. */
const reinstated = (target: Plan, back: Date, coupon: ReturnType<typeof aCoupon> | null = null) => {
  const at = day('2027-06-16');
  const planned = planChange(changeFacts({ subscription: onStandard, target, at, coupon }));
  const { change, subscription: waiting } = must(commit(onStandard, planned, at), 'a decision');
  const withheld = decideLife({
    ...lifeFacts(waiting, { kind: 'suspend' }, day('2027-06-20')),
    scheduled: change,
    coupon,
  });
  const facts = {
    ...lifeFacts(withheld.subscription, { kind: 'reinstate' }, back),
    scheduled: withheld.undone ?? withheld.moved ?? change,
    coupon,
  };
  return { change, waiting, withheld, facts, decided: decideLife(facts) };
};

describe('a scheduled change over a suspension', () => {
  it('stays, and nothing falls due meanwhile', () => {
    const { withheld } = reinstated(PLANS.basic, day('2027-06-25'));

    expect([withheld.undone, withheld.moved]).to.deep.equal([null, null]);
    expect(withheld.subscription).to.include({ status: 'suspended', due: null });
  });

  it('is on its day as it was where access is back before', () => {
    const { waiting, decided } = reinstated(PLANS.basic, day('2027-06-25'));
    const { due, renewalTotal, changeChargesAt } = decided.subscription;

    expect([decided.undone, decided.moved]).to.deep.equal([null, null]);
    expect({ due, renewalTotal, changeChargesAt }).to.deep.equal({
      due: { at: june.end, kind: 'change' },
      renewalTotal: waiting.renewalTotal,
      changeChargesAt: waiting.changeChargesAt,
    });
  });

  it('moves with the end of its period: as many free days, and the cheaper plan is what is charged after them', () => {
    const { change, decided, facts } = reinstated(PLANS.basic, day('2027-08-09'));
    const end = must(decided.subscription.period, 'a period').end;
    const moved = must(decided.moved, 'a day of its own');
    const after = atItsDay(decided.subscription, moved);
    const bonusEnd = new Date(end.getTime() + 20 * 86_400_000);

    expect([change.effectiveAt, end > june.end]).to.deep.equal([june.end, true]);
    expect(moved.effectiveAt).to.deep.equal(end);
    expect(decided.subscription.due).to.deep.equal({ at: end, kind: 'change' });
    // 100.00 and 20 % of tax
    expect(decided.subscription.renewalTotal).to.deep.equal(money(12_000n, 'USD'));
    expect(decided.subscription.changeChargesAt).to.deep.equal(bonusEnd);
    expect(after).to.deep.include({ planKey: 'basic', periodKind: 'bonus', period: { start: end, end: bonusEnd } });
    expect(decided.audit.map(({ action }) => action)).to.include('subscription.change_moved');
    expect(previewLife(facts, 'actual').after.due).to.deep.equal(decided.subscription.due);
  });

  it('ends the periods of what costs nothing from then on', () => {
    const { decided } = reinstated(PLANS.free, day('2027-08-09'));
    const moved = must(decided.moved, 'a day of its own');

    expect(moved.target.effect).to.deep.equal({ kind: 'end', at: decided.subscription.period?.end });
    expect(atItsDay(decided.subscription, moved)).to.include({ planKey: 'free', period: null, due: null });
  });

  it('tells the next charge without a coupon that ends with the plan it is for', () => {
    const coupon = aCoupon(onStandard, { planIds: [PLANS.standard.planId] });

    const { decided } = reinstated(PLANS.basic, day('2027-06-25'), coupon);

    expect(decided.subscription.renewalTotal).to.deep.equal(money(12_000n, 'USD'));
  });
});
