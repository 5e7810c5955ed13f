import { money } from '@quittance/money';
import { expect } from 'chai';

import { commit } from '../../test/builders/any-change.ts';
import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { aCoupon } from '../../test/builders/coupon.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { AS_IT_IS } from './change-wish.ts';
import { type CouponDiscount, type CouponDuration, type NewCoupon } from './coupon.ts';
import { planChange } from './plan-change.ts';

const AT = day('2027-06-16');
const JUNE = { start: day('2027-06-01'), end: day('2027-07-01') };
const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
const free = aSubscription({ plan: PLANS.free, period: null });
const onBasic = aSubscription({ plan: PLANS.basic, period: JUNE });
const inBonus = { ...onBasic, periodKind: 'bonus', periodPaid: money(0n, 'USD') } as const;

const QUARTER: CouponDiscount = { kind: 'percentage', ratePpm: 250_000 };
const bring = (discount: CouponDiscount, duration: CouponDuration = { kind: 'once' }): NewCoupon => ({
  couponId: 'cpn_01j8zq4m7e8b2c3d4f5g6h7k02',
  code: 'NEW',
  terms: { discount, duration, planIds: [] },
});
const planned = (change: Partial<ChangeFacts>) => planChange(changeFacts({ at: AT, ...change }));
const linesOf = ({ lines }: ReturnType<typeof planned>) =>
  lines.map(({ description, unitPrice }) => [description, unitPrice.amountMinor]);

describe('a coupon that a change brings', () => {
  it('is taken off the conversion of a trial, line by line, and one of its cycles is used', () => {
    const conversion = planned({ subscription: trial, newCoupon: bring(QUARTER, { kind: 'cycles', cycles: 3 }) });

    // 100.00 × 0.25 = 25.00
    expect(linesOf(conversion)).to.deep.equal([
      ['Basic', 10_000n],
      ['Basic – NEW', -2500n],
    ]);
    expect(conversion.charge).to.deep.equal(money(7500n, 'USD'));
    expect(conversion.coupon.after?.cyclesLeft).to.equal(2);
    expect(conversion.target.effect).to.have.property('paid').that.deep.equals(money(7500n, 'USD'));
  });

  it('is taken off the first period after a free plan', () => {
    const amount = bring({ kind: 'fixed', amount: money(500n, 'USD') });

    const bought = planned({ subscription: free, target: PLANS.standard, newCoupon: amount });

    // 200.00 − 5.00
    expect(bought.charge).to.deep.equal(money(19_500n, 'USD'));
    expect(bought.coupon).to.include({ after: null, ended: null });
  });

  it('has an invoice even where it leaves nothing to pay: its use is held and confirmed with one', () => {
    const all = bring({ kind: 'percentage', ratePpm: 1_000_000 });

    const conversion = planned({ subscription: trial, newCoupon: all });

    expect(conversion.charge).to.deep.equal(money(0n, 'USD'));
    expect(commit(trial, conversion, AT)?.change.status).to.equal('awaiting_payment');
  });

  it('takes the place of the one there was', () => {
    const coupon = aCoupon(inBonus);

    const anew = planned({ subscription: inBonus, coupon, target: PLANS.standard, newCoupon: bring(QUARTER) });

    expect(anew.coupon).to.deep.include({ before: coupon, after: null, ended: 'replaced' });
    expect(anew.charge).to.deep.equal(money(15_000n, 'USD'));
  });

  for (const [what, change] of [
    ['the difference of an upgrade', { subscription: onBasic, target: PLANS.standard }],
    [
      'a reduction, which costs nothing',
      { subscription: aSubscription({ plan: PLANS.standard, period: JUNE }), target: PLANS.basic },
    ],
    ['a trial that becomes free', { subscription: trial, target: PLANS.free }],
  ] as const) {
    it(`is refused for ${what}`, () => {
      expect(codeOf(() => planned({ ...change, newCoupon: bring(QUARTER) }))).to.equal(
        'subscription.coupon_takes_nothing',
      );
    });
  }
});

describe('the coupon a subscription has, over a whole period that a change bills', () => {
  it('is taken off a year as off every month, and the rest of the month is what was paid for it', () => {
    const coupon = aCoupon(onBasic);
    const paid = { ...onBasic, periodPaid: money(7500n, 'USD') };

    const yearly = planned({ subscription: paid, coupon, wish: { ...AS_IT_IS, interval: 'year' } });

    // 1000.00 × 0.75 = 750.00, less 15 ÷ 30 × 75.00 = 37.50
    expect(yearly.charge).to.deep.equal(money(71_250n, 'USD'));
    expect(yearly.coupon.after).to.deep.equal(coupon);
  });

  it('uses a cycle where the interval stays', () => {
    const coupon = aCoupon(inBonus, { cyclesLeft: 2 });

    const anew = planned({ subscription: inBonus, coupon, target: PLANS.standard });

    // 200.00 × 0.75
    expect(anew.charge).to.deep.equal(money(15_000n, 'USD'));
    expect(anew.coupon.after?.cyclesLeft).to.equal(1);
  });

  it('is used up by its last one', () => {
    const coupon = aCoupon(inBonus, { cyclesLeft: 1 });

    expect(planned({ subscription: inBonus, coupon, target: PLANS.standard }).coupon).to.include({
      after: null,
      ended: null,
    });
  });

  it('takes nothing off the difference of an upgrade, and uses no cycle', () => {
    const coupon = aCoupon(onBasic, { cyclesLeft: 1 });

    const up = planned({ subscription: onBasic, coupon, target: PLANS.standard });

    // 15 ÷ 30 × (200 − 100)
    expect(up.charge).to.deep.equal(money(5000n, 'USD'));
    expect(up.coupon.after).to.deep.equal(coupon);
  });
});
