import { AssertionFailed } from '@quittance/kernel';
import { expect } from 'chai';
import fc from 'fast-check';

import { fractionLeft, money, prorate, type ProrationFacts } from './index.ts';

const instant = (text: string) => new Date(`${text}Z`);
const june = { start: instant('2027-06-01T00:00:00'), end: instant('2027-07-01T00:00:00') };
const monthly = { unit: 'month', count: 1 } as const;
const dollars = (whole: bigint) => money(whole * 100n, 'USD');

const cost = (facts: Partial<ProrationFacts>, from = 100n, to = 200n): bigint =>
  prorate({
    period: june,
    cycle: monthly,
    basis: 'actual',
    at: instant('2027-06-16T00:00:00'),
    ...facts,
    fromPrice: dollars(from),
    toPrice: dollars(to),
  }).amountMinor;

describe('prorate', () => {
  const halfJune = instant('2027-06-16T00:00:00');
  const january = { start: instant('2027-01-01T00:00:00'), end: instant('2027-02-01T00:00:00') };
  const table: readonly [string, bigint, bigint][] = [
    ['15 of 30 days left, 100 → 200, is 50', cost({ at: halfJune }), 5000n],
    ['the same by fixed30', cost({ at: halfJune, basis: 'fixed30' }), 5000n],
    ['back down is −50', cost({ at: halfJune }, 200n, 100n), -5000n],
    ['at the start it is the whole difference', cost({ at: june.start }), 10000n],
    ['before the start it is clamped to the whole', cost({ at: instant('2027-05-01T00:00:00') }), 10000n],
    ['at the end it is nothing', cost({ at: june.end }), 0n],
    ['after the end it is clamped to nothing', cost({ at: instant('2027-08-01T00:00:00') }), 0n],
    ['one second left of 2 592 000: 10000 ÷ 2592000 = 0.004 → 0', cost({ at: instant('2027-06-30T23:59:59') }), 0n],
    [
      'fixed30: a begun day is left: 16 ÷ 30 × 100',
      cost({ at: instant('2027-06-15T23:00:00'), basis: 'fixed30' }),
      5333n,
    ],
    [
      'fixed30: the last of 31 days is worth one: 1 ÷ 30 × 100',
      cost({ period: january, at: instant('2027-01-31T12:00:00'), basis: 'fixed30' }),
      333n,
    ],
    [
      'actual: half of 31 January days is 15.5 ÷ 31',
      cost({ period: january, at: instant('2027-01-16T12:00:00') }),
      5000n,
    ],
  ];
  for (const [sentence, actual, expected] of table) {
    it(sentence, () => {
      expect(actual).to.equal(expected);
    });
  }

  it('counts local days over the change to summer time', () => {
    // Paris, 1 March to 1 April 2027, on 31 March 00:00 local (22:00Z the day before): one local day is left.
    const march = { start: instant('2027-02-28T23:00:00'), end: instant('2027-03-31T22:00:00') };
    const left = fractionLeft({
      period: march,
      at: instant('2027-03-30T22:00:00'),
      cycle: monthly,
      basis: 'fixed30',
      timeZone: 'Europe/Paris',
    });

    expect(left).to.deep.equal({ numerator: 1n, denominator: 30n });
  });

  it('says what is wrong with what no type has checked', () => {
    const left = (facts: object) => () =>
      Reflect.apply(fractionLeft, null, [
        { period: june, cycle: monthly, basis: 'actual', at: instant('2027-06-16T00:00:00'), ...facts },
      ]);
    const backwards = { start: june.end, end: june.start };

    expect(left({ period: backwards })).to.throw(AssertionFailed, 'before it begins');
    expect(left({ at: new Date('31 Foo') })).to.throw(AssertionFailed, '`at` is no valid date');
    expect(left({ basis: 'fixed31' })).to.throw(AssertionFailed, 'fixed31');
    expect(left({ basis: 'fixed30', cycle: { unit: 'month', count: 0 } })).to.throw(AssertionFailed, '0 months');
  });

  it('a change and its way back at one instant sum to zero, and neither exceeds the difference', () => {
    const prices = fc.bigInt({ min: 0n, max: 10n ** 9n });
    const instants = fc.date({
      min: instant('2027-05-20T00:00:00'),
      max: instant('2027-07-10T00:00:00'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.tuple(prices, prices), instants, fc.constantFrom('fixed30', 'actual'), ([a, b], at, basis) => {
        const there = cost({ at, basis }, a, b);
        expect(there + cost({ at, basis }, b, a)).to.equal(0n);
        const whole = (b - a) * 100n;
        expect(whole >= 0n ? there >= 0n && there <= whole : there <= 0n && there >= whole).to.equal(true);
      }),
    );
  });
});
