import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { planChange } from './plan-change.ts';

const wish = (change: Partial<ChangeFacts['wish']>): ChangeFacts['wish'] => ({ ...changeFacts().wish, ...change });

describe('planChange', () => {
  const june = { start: day('2027-06-01'), end: day('2027-07-01') };
  const onBasic = aSubscription({ plan: PLANS.basic, period: june });
  const at = day('2027-06-16');

  describe('what is refused', () => {
    const refusals: readonly [string, Partial<ChangeFacts>, string][] = [
      ['no change', {}, 'subscription.nothing_to_change'],
      [
        'a plan of another product',
        { target: { ...PLANS.standard, productId: 'prd_01j8zq4m7e8b2c3d4f5g6h7k99' } },
        'subscription.plan_not_for_sale',
      ],
      [
        'a plan that only people sell',
        { target: { ...PLANS.standard, selfServe: false } },
        'subscription.plan_not_for_sale',
      ],
      [
        'a paused subscription',
        { subscription: { ...onBasic, status: 'paused' }, target: PLANS.standard },
        'subscription.illegal_transition',
      ],
      [
        'one that Stripe renews',
        { subscription: { ...onBasic, renewalOwner: 'stripe' }, target: PLANS.standard },
        'subscription.managed_elsewhere',
      ],
      ['one whose period is over', { at: june.end, target: PLANS.standard }, 'subscription.renewal_in_progress'],
      [
        'converting at once by a customer',
        {
          subscription: aSubscription({ plan: PLANS.standard, period: june }),
          target: PLANS.basic,
          wish: wish({ mode: 'convert_now' }),
        },
        'subscription.nothing_to_convert',
      ],
      ['Free many times over', { target: PLANS.free, wish: wish({ quantity: 2 }) }, 'subscription.free_once'],
      [
        'more of Free',
        { subscription: aSubscription({ plan: PLANS.free, period: null }), wish: wish({ quantity: 100_000 }) },
        'subscription.free_once',
      ],
      ['an interval without a price', { wish: wish({ interval: 'P6W' }) }, 'subscription.price_unavailable'],
    ];
    for (const [name, change, code] of refusals) {
      it(`is ${name}`, () => {
        expect(codeOf(() => planChange(changeFacts({ subscription: onBasic, at, ...change })))).to.equal(code);
      });
    }
  });
});
