import { type AccountId, type Id, isAccountId, must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { codeOf } from '../../test/builders/code-of.ts';
import { type CheckoutFacts, decideCheckout } from './decide-checkout.ts';
import { firstPeriod } from './period.ts';
import { type Plan } from './plan.ts';
import { type Subscription } from './subscription.ts';

const NOW = new Date('2026-01-31T10:00:00.000Z');
const id = <P extends string>(prefix: P, n: number): Id<P> =>
  `${prefix}_01j8zq4m7e8b2c3d4f5g6h7k${String(n).padStart(2, '0')}`;
const account: AccountId = must(['acc_neutral'].find(isAccountId), 'account');

const other: AccountId = must(['acc_other'].find(isAccountId), 'account');

const plan: Plan = {
  planId: id('pln', 1),
  planVersionId: id('plv', 1),
  status: 'published',
  productId: id('prd', 1),
  productKey: 'automation',
  key: 'pro',
  selfServe: true,
  rank: 1,
  items: [],
  prorationBasis: 'actual',
  trialDays: 0,
  accountId: null,
  names: { en: 'Pro', fr: 'Pro' },
  prices: [
    { priceId: id('prc', 1), interval: 'month', amount: money(9900n, 'USD'), taxBehavior: 'exclusive', region: null },
    { priceId: id('prc', 2), interval: 'month', amount: money(7900n, 'USD'), taxBehavior: 'exclusive', region: 'IN' },
  ],
  entitlements: [{ kind: 'unlimited', feature: 'workflows' }],
};
const freePlan: Plan = {
  ...plan,
  planId: id('pln', 2),
  planVersionId: id('plv', 2),
  key: 'free',
  prices: [
    { priceId: id('prc', 3), interval: 'month', amount: money(0n, 'USD'), taxBehavior: 'exclusive', region: null },
  ],
};

const facts = (change: Partial<CheckoutFacts> = {}, wish: Partial<CheckoutFacts['wish']> = {}): CheckoutFacts => ({
  wish: {
    accountId: account,
    planId: plan.planId,
    interval: 'month',
    currency: 'USD',
    rail: 'card',
    country: null,
    language: 'en',
    coupon: null,
    quantity: 1,
    byOperator: false,
    successUrl: 'https://shop.example/ok',
    cancelUrl: 'https://shop.example/no',
    ...wish,
  },
  plan,
  live: null,
  open: null,
  openCoupon: null,
  ids: { checkout: id('chk', 1), subscription: id('sub', 1) },
  period: firstPeriod(NOW, 'month'),
  now: NOW,
  version: 7,
  ...change,
});

const begun = (given: CheckoutFacts) => {
  const decision = decideCheckout(given);
  expect(decision.kind).to.equal('begin');
  return must(decision.kind === 'begin' ? decision : null, 'a begun checkout');
};

const liveOn = (sold: Plan): Subscription => ({
  ...begun(facts({ plan: freePlan }, { planId: freePlan.planId })).subscription,
  id: id('sub', 9),
  planId: sold.planId,
  planKey: sold.key,
  price: must(sold.prices[0], 'price').amount,
  version: 3,
});

describe('decideCheckout', () => {
  context('when the plan costs something', () => {
    it('drafts a subscription and asks invoicing for an invoice', () => {
      const decision = begun(facts());

      expect(decision.subscription.status).to.equal('draft');
      expect(decision.checkout.status).to.equal('opening');
      expect(decision.messages.map(({ type }) => type)).to.deep.equal(['open_invoice']);
      expect(decision.audit.map(({ action }) => action)).to.deep.equal(['checkout.created', 'subscription.drafted']);
    });

    it('renews at the end of February when bought on 31 January', () => {
      expect(begun(facts()).checkout.renewsAt).to.deep.equal(new Date('2026-02-28T10:00:00.000Z'));
    });

    it('takes the price of the buyer’s region before the general one', () => {
      expect(begun(facts({}, { country: 'IN' })).subscription.price).to.deep.equal(money(7900n, 'USD'));
    });
  });

  context('when the plan costs nothing', () => {
    it('is active at once, without a rail and without an invoice', () => {
      const decision = begun(facts({ plan: freePlan }, { planId: freePlan.planId }));

      expect(decision.subscription.status).to.equal('active');
      expect(decision.checkout.status).to.equal('completed');
      expect(decision.checkout.rail).to.equal(null);
      expect(decision.messages.map(({ type }) => type)).to.deep.equal(['entitlements_changed']);
    });
  });

  context('when it cannot be sold', () => {
    const refusals: readonly [string, CheckoutFacts, string][] = [
      ['an unknown plan', facts({ plan: null }), 'subscription.plan_not_for_sale'],
      ['a retired plan', facts({ plan: { ...plan, status: 'retired' } }), 'subscription.plan_not_for_sale'],
      ['a plan of another account', facts({ plan: { ...plan, accountId: other } }), 'subscription.plan_not_for_sale'],
      ['a plan sold by people', facts({ plan: { ...plan, selfServe: false } }), 'subscription.plan_not_for_sale'],
      ['a currency without a price', facts({}, { currency: 'EUR' }), 'subscription.price_unavailable'],
      ['an interval without a price', facts({}, { interval: 'year' }), 'subscription.price_unavailable'],
      ['a rail that is not offered', facts({}, { rail: 'crypto' }), 'subscription.rail_unavailable'],
      ['a second paid plan', facts({ live: liveOn(plan) }), 'subscription.already_subscribed'],
      [
        'a free plan over a paid one',
        facts({ plan: freePlan, live: liveOn(plan) }, { planId: freePlan.planId }),
        'subscription.already_subscribed',
      ],
    ];
    it('sells as many as one invoice can carry, and not one more', () => {
      // 10 000 000 000.00 ÷ 200 000.00 = 50 000
      const dear: Plan = {
        ...plan,
        prices: plan.prices.map((price) => ({ ...price, amount: money(20_000_000n, 'USD') })),
      };

      expect(decideCheckout(facts({ plan: dear }, { quantity: 50_000 })).kind).to.equal('begin');
      expect(codeOf(() => decideCheckout(facts({ plan: dear }, { quantity: 50_001 })))).to.equal(
        'subscription.amount_too_high',
      );
    });

    for (const [name, given, code] of refusals) {
      it(`refuses ${name}`, () => {
        expect(codeOf(() => decideCheckout(given))).to.equal(code);
      });
    }
  });

  context('when the account is on the free plan', () => {
    it('lets it buy a paid one', () => {
      expect(decideCheckout(facts({ live: liveOn(freePlan) })).kind).to.equal('begin');
    });
  });

  context('when a checkout for the product is open', () => {
    const first = begun(facts());
    const open = { checkout: first.checkout, subscription: first.subscription, change: null };

    it('shares it with a second wish for the same thing', () => {
      const again = decideCheckout(facts({ open, ids: { checkout: id('chk', 2), subscription: id('sub', 2) } }));

      expect(again).to.deep.equal({ kind: 'reuse', checkout: first.checkout });
    });

    it('shares it although the session named in its addresses is another', () => {
      const urls = (checkout: string) => ({ successUrl: `https://shop.example/ok?session=${checkout}` });
      const { checkout, subscription } = begun(facts({}, urls(id('chk', 1))));
      const known = { checkout, subscription, change: null };
      const ids = { checkout: id('chk', 2), subscription: id('sub', 2) };

      expect(decideCheckout(facts({ open: known, ids }, urls(id('chk', 2)))).kind).to.equal('reuse');
    });

    const ELSEWHERE: readonly (readonly [string, Partial<CheckoutFacts['wish']>])[] = [
      ['another address after paying', { successUrl: 'https://other.example/ok' }],
      ['another address after giving up', { cancelUrl: 'https://other.example/no' }],
      ['another language', { language: 'ar' }],
    ];
    for (const [title, wish] of ELSEWHERE) {
      it(`supersedes it for ${title}`, () => {
        const ids = { checkout: id('chk', 2), subscription: id('sub', 2) };

        expect(begun(facts({ open, ids }, wish)).superseded?.checkout.status).to.equal('superseded');
      });
    }

    it('supersedes it for another thing, and cancels its invoice', () => {
      const decision = begun(
        facts({ open, ids: { checkout: id('chk', 2), subscription: id('sub', 2) } }, { country: 'FR' }),
      );

      expect(decision.superseded?.checkout.status).to.equal('superseded');
      expect(decision.superseded?.draft?.status).to.equal('expired');
      expect(decision.messages.map(({ type }) => type)).to.have.members(['open_invoice', 'cancel_invoice']);
      expect(decision.audit.map(({ action }) => action)).to.include('checkout.superseded');
    });
  });

  context('when several of a plan that costs nothing are wished for', () => {
    const limited: Plan = { ...freePlan, entitlements: [{ kind: 'limit', feature: 'agents', limit: 3 }] };

    it('is refused to a customer: each would be its limits once more', () => {
      expect(codeOf(() => decideCheckout(facts({ plan: limited }, { quantity: 2 })))).to.equal(
        'subscription.free_once',
      );
    });

    it('is given by an operator, with the limits of all of them', () => {
      const decision = decideCheckout(facts({ plan: limited }, { quantity: 2, byOperator: true }));

      const messages = decision.kind === 'begin' ? decision.messages : [];
      const given = messages.flatMap((told) =>
        told.type === 'entitlements_changed' ? told.document.entitlements : [],
      );
      expect(given).to.deep.equal([{ kind: 'limit', feature: 'agents', limit: 6 }]);
    });
  });
});
