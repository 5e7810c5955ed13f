import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { AS_IT_IS } from './change-wish.ts';
import { decideTrial } from './decide-trial.ts';
import { planChange } from './plan-change.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };

describe('how many of a plan that costs nothing', () => {
  const three = aSubscription({ plan: PLANS.standard, period: june, quantity: 3 });
  const ten = aSubscription({ plan: PLANS.free, period: null, quantity: 10 });
  const quantityOf = (facts: Parameters<typeof changeFacts>[0]): number | undefined =>
    planChange(changeFacts(facts)).target.items[0]?.quantity;

  it('is one, where three of a dearer plan go down to it', () => {
    expect(quantityOf({ subscription: three, target: PLANS.free })).to.equal(1);
  });

  it('is as many as an operator gives', () => {
    expect(quantityOf({ subscription: three, target: PLANS.free, byOperator: true })).to.equal(3);
  });

  it('may become less, where an operator gave ten', () => {
    expect(quantityOf({ subscription: ten, wish: { ...AS_IT_IS, quantity: 4 } })).to.equal(4);
  });

  it('is no question where it has a price: from ten of Free one goes to ten of Basic', () => {
    expect(quantityOf({ subscription: ten, target: PLANS.basic })).to.equal(10);
  });
});

describe('decideTrial', () => {
  it('gives the limits of as many as are tried', () => {
    const { accountId, id } = aSubscription({ plan: PLANS.basic, period: june });
    const { messages } = decideTrial({
      wish: {
        accountId,
        planId: PLANS.basic.planId,
        interval: 'month',
        currency: 'USD',
        quantity: 3,
        country: null,
        language: null,
        coupon: null,
      },
      plan: PLANS.basic,
      live: null,
      hadTrial: false,
      byOperator: true,
      id,
      now: june.start,
      version: 1,
    });

    const given = messages.flatMap((told) => (told.type === 'entitlements_changed' ? told.document.entitlements : []));
    // 3 agents and 10 seats in each of three
    expect(given).to.deep.equal([
      { kind: 'limit', feature: 'agents', limit: 9 },
      { kind: 'limit', feature: 'seats', limit: 30 },
    ]);
  });
});
