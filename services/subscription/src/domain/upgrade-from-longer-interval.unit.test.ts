import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { aCoupon } from '../../test/builders/coupon.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { AS_IT_IS, type ChangeWish } from './change-wish.ts';
import { type PlannedChange } from './change.ts';
import { planChange } from './plan-change.ts';

const dollars = (planned: PlannedChange): string => (Number(planned.charge.amountMinor) / 100).toFixed(2);
const wish = (change: Partial<ChangeWish>): ChangeWish => ({ ...AS_IT_IS, ...change });

describe('more, at an interval that costs less than what is left', () => {
  const yearly = aSubscription({
    plan: PLANS.basic,
    period: { start: day('2027-01-01'), end: day('2028-01-01') },
    interval: 'year',
  });
  const up = (change: Partial<ChangeFacts> = {}) =>
    planChange(
      changeFacts({
        subscription: yearly,
        target: PLANS.standard,
        at: day('2027-01-06'),
        wish: wish({ interval: 'month' }),
        ...change,
      }),
    );

  it('begins now, and the rest lengthens its first period: 360 ÷ 365 × 1000 − 200 buys 117.9 days more', () => {
    const planned = up();

    expect(planned).to.include({ kind: 'upgrade', scheduled: false, bonusDays: 0 });
    expect([dollars(planned), planned.lines, planned.invoicePeriod]).to.deep.equal(['0.00', [], null]);
    // 986.30 − 200.00 = 786.30; × 30 ÷ 200 = 117.945 days = 117 d 22 h 40 min 48 s after 6 February
    const end = new Date('2027-06-03T22:40:48.000Z');
    expect(planned.target.effect).to.deep.equal({
      kind: 'begin',
      period: { start: day('2027-01-06'), end },
      periodKind: 'paid',
      anchorAt: end,
      paid: money(98630n, 'USD'),
    });
  });

  it('is the same cycle where as much is left as it costs, and pays where a cent less is', () => {
    // Of 365 days 73 are left: a fifth of 1000 is 200, of 999.95 it is 199.99
    const late = day('2027-10-20');
    const cycle = { start: late, end: day('2027-11-20') };
    const centLess = up({ at: late, subscription: { ...yearly, periodPaid: money(99995n, 'USD') } });

    expect([dollars(up({ at: late })), up({ at: late }).target.effect]).to.deep.equal([
      '0.00',
      { kind: 'begin', period: cycle, periodKind: 'paid', anchorAt: late, paid: money(20000n, 'USD') },
    ]);
    expect(dollars(centLess)).to.equal('0.01');
    expect(centLess.target.effect).to.deep.include({ period: cycle });
  });

  it('is no less for a second one of the same plan', () => {
    const planned = planChange(
      changeFacts({ subscription: yearly, at: day('2027-01-06'), wish: wish({ interval: 'month', quantity: 2 }) }),
    );

    expect(planned).to.include({ kind: 'interval_switch', scheduled: false, bonusDays: 0 });
    expect(planned.target.effect).to.deep.include({ paid: money(98630n, 'USD') });
  });

  it('counts what a coupon for ever takes off each cycle: 986.30 ÷ 150 instead of ÷ 200', () => {
    const planned = up({ coupon: aCoupon(yearly) });

    // 986.30 − 150.00 = 836.30; × 30 ÷ 150 = 167.26 days = 167 d 6 h 14 min 24 s after 6 February
    expect(planned.target.effect).to.deep.include({
      period: { start: day('2027-01-06'), end: new Date('2027-07-23T06:14:24.000Z') },
    });
    expect(planned.coupon).to.include({ ended: null });
  });

  it('refuses a coupon that is brought: there is no invoice to take it off', () => {
    const newCoupon = {
      couponId: 'cpn_01j8zq4m7e8b2c3d4f5g6h7k02',
      code: 'NEW',
      terms: { discount: { kind: 'percentage', ratePpm: 250_000 }, duration: { kind: 'once' }, planIds: [] },
    } as const;

    expect(codeOf(() => up({ newCoupon }))).to.equal('subscription.coupon_takes_nothing');
  });
});
