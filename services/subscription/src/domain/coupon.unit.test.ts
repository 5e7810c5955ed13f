import { type Id, isAccountId, must } from '@quittance/kernel';
import { money, type Money } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import { codeOf } from '../../test/builders/code-of.ts';
import {
  afterCycle,
  afterFirstCycle,
  type Coupon,
  type CouponClaim,
  discountOf,
  discountParts,
  usableCoupon,
} from './coupon.ts';

const id = <P extends string>(prefix: P, n: number): Id<P> =>
  `${prefix}_01j8zq4m7e8b2c3d4f5g6h7k${String(n).padStart(2, '0')}`;
const NOW = new Date('2026-03-02T09:00:00Z');

const coupon: Coupon = {
  couponId: id('cpn', 1),
  code: 'WELCOME',
  discount: { kind: 'percentage', ratePpm: 250_000 },
  duration: { kind: 'once' },
  status: 'active',
  exhausted: false,
  expiresAt: null,
  planIds: [],
  currencies: [],
};

describe('discountOf', () => {
  for (const [what, discount, price, expected] of [
    // 9900 × 0.25 = 2475
    ['a quarter', { kind: 'percentage', ratePpm: 250_000 }, money(9900n, 'USD'), 2475n],
    // 1 × 0.5 = 0.5 → 1
    ['half of one minor unit, away from zero', { kind: 'percentage', ratePpm: 500_000 }, money(1n, 'USD'), 1n],
    // 1 × 0.499999 = 0.499999 → 0
    ['less than half of one', { kind: 'percentage', ratePpm: 499_999 }, money(1n, 'USD'), 0n],
    ['all of it', { kind: 'percentage', ratePpm: 1_000_000 }, money(9900n, 'USD'), 9900n],
    ['of nothing', { kind: 'percentage', ratePpm: 1_000_000 }, money(0n, 'USD'), 0n],
    ['an amount', { kind: 'fixed', amount: money(500n, 'USD') }, money(9900n, 'USD'), 500n],
    ['an amount above the price', { kind: 'fixed', amount: money(10_000n, 'USD') }, money(9900n, 'USD'), 9900n],
    ['an amount in another currency', { kind: 'fixed', amount: money(500n, 'EUR') }, money(9900n, 'USD'), 0n],
    // no minor unit: 6000 × 0.333333 = 1999.998 → 2000
    ['a third of francs', { kind: 'percentage', ratePpm: 333_333 }, money(6000n, 'XOF'), 2000n],
  ] as const) {
    it(`takes off ${what}`, () => {
      expect(discountOf(discount, price)).to.deep.equal(money(expected, price.currency));
    });
  }

  it('is never negative and never more than the price', () => {
    const discounts = fc.oneof(
      fc.record({ kind: fc.constant('percentage' as const), ratePpm: fc.integer({ min: 1, max: 1_000_000 }) }),
      fc.record({ kind: fc.constant('fixed' as const), amount: fc.bigInt({ min: 1n, max: 10n ** 12n }).map(usd) }),
    );
    fc.assert(
      fc.property(discounts, fc.bigInt({ min: 0n, max: 10n ** 12n }), (discount, price) => {
        const { amountMinor } = discountOf(discount, usd(price));
        expect(amountMinor >= 0n && amountMinor <= price).to.equal(true);
      }),
    );
  });
});

describe('discountParts', () => {
  it('sums to the whole over any lines, and leaves none below zero', () => {
    const lines = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 1_000_000 }), (amounts, ratePpm) => {
        const price = usd(amounts.reduce((left, right) => left + right, 0n));
        const total = discountOf({ kind: 'percentage', ratePpm }, price);
        const parts = discountParts(total, amounts.map(usd));
        expect(parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).to.equal(total.amountMinor);
        expect(parts.every(({ amountMinor }, at) => amountMinor >= 0n && amountMinor <= (amounts[at] ?? 0n))).to.equal(
          true,
        );
      }),
    );
  });

  // 100 over 1, 1, 1: 33.33… each; the unit left over goes to the first of equals.
  it('gives what rounding leaves over to the largest remainders', () => {
    expect(discountParts(usd(100n), [usd(100n), usd(100n), usd(100n)]).map(minor)).to.deep.equal([34n, 33n, 33n]);
  });
});

describe('usableCoupon', () => {
  const wish = { code: 'WELCOME', planId: id('pln', 1), currency: 'USD', now: NOW };
  const refused: readonly [string, Coupon | null, string][] = [
    ['an unknown one', null, 'subscription.coupon_unknown'],
    ['a deactivated one', { ...coupon, status: 'inactive' }, 'subscription.coupon_unknown'],
    ['one that expires now', { ...coupon, expiresAt: NOW }, 'subscription.coupon_expired'],
    ['an exhausted one', { ...coupon, exhausted: true }, 'subscription.coupon_exhausted'],
    ['one for another plan', { ...coupon, planIds: [id('pln', 2)] }, 'subscription.coupon_not_for_plan'],
    ['one for another currency', { ...coupon, currencies: ['EUR'] }, 'subscription.coupon_not_for_currency'],
    [
      'an amount in another currency',
      { ...coupon, discount: { kind: 'fixed', amount: money(1n, 'EUR') } },
      'subscription.coupon_not_for_currency',
    ],
  ];
  for (const [what, given, code] of refused) {
    it(`refuses ${what}`, () => {
      expect(codeOf(() => usableCoupon(given, wish))).to.equal(code);
    });
  }

  it('takes one that expires a moment later, for this plan and currency', () => {
    const fits = { ...coupon, expiresAt: new Date(NOW.getTime() + 1), planIds: [wish.planId], currencies: ['USD'] };
    expect(usableCoupon(fits, wish)).to.equal(fits);
  });
});

describe('what is left of a coupon', () => {
  const cyclesOf = (duration: Coupon['duration']): readonly (number | null)[] => {
    const first = afterFirstCycle(claim(duration), id('sub', 1));
    const left: (number | null)[] = [];
    for (let state = first; state !== null && left.length < 5; state = afterCycle(state)) left.push(state.cyclesLeft);
    return left;
  };

  it('is nothing after one cycle', () => expect(cyclesOf({ kind: 'once' })).to.deep.equal([]));
  it('is nothing after the one cycle of a single one', () =>
    expect(cyclesOf({ kind: 'cycles', cycles: 1 })).to.deep.equal([]));
  it('counts down over three cycles', () => expect(cyclesOf({ kind: 'cycles', cycles: 3 })).to.deep.equal([2, 1]));
  it('never ends where it is for ever', () =>
    expect(cyclesOf({ kind: 'forever' })).to.deep.equal([null, null, null, null, null]));
});

const usd = (amountMinor: bigint): Money => money(amountMinor, 'USD');
const minor = ({ amountMinor }: Money): bigint => amountMinor;

const claim = (duration: Coupon['duration']): CouponClaim => ({
  checkoutId: id('chk', 1),
  accountId: must(['acc_neutral'].find(isAccountId), 'account'),
  couponId: coupon.couponId,
  code: coupon.code,
  status: 'held',
  refusal: null,
  discount: usd(100n),
  terms: { discount: coupon.discount, duration, planIds: [] },
});
