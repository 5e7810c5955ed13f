import { must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { commit } from '../../test/builders/any-change.ts';
import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { aCoupon } from '../../test/builders/coupon.ts';
import { AS_IT_IS, type ChangeWish } from './change-wish.ts';
import { type SubscriptionCoupon, toRenewalCoupon } from './coupon.ts';
import { decideDue } from './decide-due.ts';
import { decideRenewal } from './decide-renewal.ts';
import { decideSettlement } from './decide-settlement.ts';
import { planChange } from './plan-change.ts';
import { type Subscription } from './subscription.ts';

const JUNE = { start: day('2027-06-01'), end: day('2027-07-01') };
const BASIC_ONLY = { planIds: [PLANS.basic.planId] };

const on = (plan: keyof typeof PLANS, change: Partial<SubscriptionCoupon> = {}) => {
  const bare = aSubscription({ plan: PLANS[plan], period: JUNE });
  const coupon = aCoupon(bare, change);
  const subscription: Subscription = { ...bare, renewalCoupon: toRenewalCoupon(coupon) };
  return { subscription, coupon };
};

describe('a coupon when its subscription changes', () => {
  const toStandard = { target: PLANS.standard };
  const toYears = { wish: { ...AS_IT_IS, interval: 'year' } as const satisfies ChangeWish };
  const euros = { discount: { kind: 'fixed', amount: money(500n, 'EUR') } } as const;

  const table = [
    ['for ever on every plan: an upgrade', {}, toStandard, null],
    [
      'for Basic and Standard: an upgrade to Standard',
      { planIds: [PLANS.basic.planId, PLANS.standard.planId] },
      toStandard,
      null,
    ],
    ['for Basic: an upgrade to Standard', BASIC_ONLY, toStandard, 'plan_not_covered'],
    ['for Basic: more of Basic', BASIC_ONLY, { wish: { ...AS_IT_IS, quantity: 2 } }, null],
    ['two cycles left: an upgrade', { cyclesLeft: 2 }, toStandard, null],
    ['two cycles left: months become years', { cyclesLeft: 2 }, toYears, 'interval_changed'],
    ['for ever: months become years', {}, toYears, null],
    ['an amount in another currency: any change', euros, toStandard, 'currency_not_covered'],
  ] as const;

  for (const [what, limits, change, ended] of table) {
    it(`${ended === null ? 'goes on' : `ends (${ended})`} – ${what}`, () => {
      const { subscription, coupon } = on('basic', limits);

      const { coupon: fate } = planChange(changeFacts({ subscription, coupon, at: day('2027-06-16'), ...change }));

      expect(fate).to.deep.include({ before: coupon, after: ended === null ? coupon : null, ended });
    });
  }

  it('ends with the payment of the upgrade: the next charge is the whole price, and the record says so', () => {
    const { subscription, coupon } = on('basic', {
      ...BASIC_ONLY,
      discount: { kind: 'percentage', ratePpm: 1_000_000 },
    });
    const at = day('2027-06-16');
    const planned = planChange(changeFacts({ subscription, coupon, at, target: PLANS.standard }));
    const decided = must(commit(subscription, planned, at), 'a commit');

    const settled = decideSettlement({
      change: decided.change,
      subscription,
      checkout: must(decided.checkout, 'a checkout'),
      scheduled: null,
      coupon,
      newCoupon: null,
      entitlements: [],
      paid: planned.charge,
      taxRatePpm: 200_000,
      now: at,
      version: 9,
    });

    const applied = must(settled.kind === 'apply' ? settled : null, 'applied');
    expect(applied.subscription.renewalCoupon).to.equal(null);
    // 200.00 + 20 %
    expect(applied.subscription.renewalTotal).to.deep.equal(money(24_000n, 'USD'));
    expect(applied.audit.map(({ action }) => action)).to.deep.equal([
      'subscription.changed',
      'subscription.coupon_ended',
    ]);
  });

  it('ends on the day of a scheduled change, not before', () => {
    const { subscription, coupon } = on('standard', { planIds: [PLANS.standard.planId] });
    const at = day('2027-06-16');
    const planned = planChange(changeFacts({ subscription, coupon, at, target: PLANS.basic }));
    const decided = must(commit(subscription, planned, at), 'a commit');
    const waiting = must(decided.subscription, 'what waits');

    const fallen = decideDue({
      subscription: waiting,
      scheduled: decided.change,
      coupon,
      entitlements: [],
      usage: new Map(),
      now: JUNE.end,
      version: 9,
    });

    const settled = must(fallen.kind === 'settle' ? fallen : null, 'settled');
    expect(waiting.renewalCoupon).to.deep.equal(toRenewalCoupon(coupon));
    expect(settled.coupon?.ended).to.equal('plan_not_covered');
    expect(settled.subscription.renewalCoupon).to.equal(null);
  });

  it('takes nothing off a renewal of a plan it is not for, whenever that came to be', () => {
    const { subscription, coupon } = on('standard', BASIC_ONLY);

    const { messages, audit, coupon: fate } = decideRenewal(subscription, { now: JUNE.end, version: 9, coupon });

    expect(messages).to.have.nested.property('[0].coupon', null);
    expect(fate.ended).to.equal('plan_not_covered');
    expect(audit.map(({ action }) => action)).to.deep.equal([
      'subscription.renewal_begun',
      'subscription.coupon_ended',
    ]);
  });
});
