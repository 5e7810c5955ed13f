import { must } from '@quittance/kernel';
import { type Money, money } from '@quittance/money';
import { expect } from 'chai';

import { DAY_MS } from '../../test/builders/any-change.ts';
import { aSubscription, day, PLANS } from '../../test/builders/change.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { asked, BASES, type Basis, made } from '../../test/builders/one-change.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { decideLife } from './decide-life.ts';
import { adoptedSubscription } from './legacy.ts';
import { previewLife } from './preview-life.ts';
import { type Period, type Subscription } from './subscription.ts';

const dollars = ({ amountMinor }: Money): string => (Number(amountMinor) / 100).toFixed(2);

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const july = { start: day('2027-07-01'), end: day('2027-08-01') };
const at = day('2027-06-16');

/** What the preview of another interval credits. */
const credited = (subscription: Subscription, facts: Partial<ChangeFacts> & { readonly basis?: Basis } = {}): string =>
  dollars(
    money(
      -asked(subscription, { interval: 'year' }, facts)
        .lines.filter(({ unitPrice }) => unitPrice.amountMinor < 0n)
        .reduce((total, { unitPrice }) => total + unitPrice.amountMinor, 0n),
      'USD',
    ),
  );

const lasting = ({ start, end }: Period): number => (end.getTime() - start.getTime()) / DAY_MS;

describe('what is left after going up in the middle', () => {
  const onBasic = aSubscription({ plan: PLANS.basic, period: june });

  for (const basis of BASES) {
    it(`is the rest of what the old plan was paid with and what was paid for the rest, by ${basis}`, () => {
      const up = asked(onBasic, {}, { target: PLANS.standard, basis });
      const high = made(onBasic, up, at);

      // 15 ÷ 30 × 100 is left and 15 ÷ 30 × (200 − 100) is paid: 50 + 50 = 15 ÷ 30 × 200
      expect([dollars(up.charge), credited(high, { basis })]).to.deep.equal(['50.00', '100.00']);
      // Ten days later a third of that: 5 ÷ 30 × 200
      expect(credited(high, { basis, at: day('2027-06-26') })).to.equal('33.33');
      const cancelled = previewLife(lifeFacts(high, { kind: 'cancel', when: 'now' }, at), basis);
      expect(dollars(cancelled.notRefunded)).to.equal('100.00');
    });
  }

  it('becomes days on the cheaper plan: 15 × 200 ÷ 100 = 30', () => {
    const high = made(onBasic, asked(onBasic, {}, { target: PLANS.standard }), at);
    const converted = asked(high, { mode: 'convert_now' }, { target: PLANS.basic, byOperator: true });

    expect(converted.target.effect).to.deep.include({ period: { start: at, end: day('2027-07-16') } });
  });

  it('counts nine more from the 21st of a month of 31 days: 11 ÷ 30 × 10 × 100 = 366.67', () => {
    const one = aSubscription({ plan: PLANS.basic, period: july });
    const facts = { at: day('2027-07-21'), basis: 'fixed30' as const };
    const more = asked(one, { quantity: 10 }, facts);

    // 11 ÷ 30 × 9 × 100
    expect(dollars(more.charge)).to.equal('330.00');
    expect(credited(made(one, more, facts.at), facts)).to.equal('366.67');
  });

  it('counts what a coupon left to pay before, and the whole difference: 15 ÷ 30 × (40 + 100) = 70', () => {
    const discounted = { ...onBasic, periodPaid: money(4000n, 'USD') };

    expect(credited(made(discounted, asked(discounted, {}, { target: PLANS.standard }), at))).to.equal('70.00');
  });

  it('counts every step up, each from its day', () => {
    const two = made(onBasic, asked(onBasic, { quantity: 2 }, { at: day('2027-06-11') }), day('2027-06-11'));
    const three = made(two, asked(two, { quantity: 3 }, { at: day('2027-06-21') }), day('2027-06-21'));

    // 10 ÷ 30 × 3 × 100
    expect(credited(three, { at: day('2027-06-21') })).to.equal('100.00');
  });

  it('stays what it was where a higher plan costs less and nothing is paid: 15 ÷ 30 × 100 = 50', () => {
    expect(credited(made(onBasic, asked(onBasic, {}, { target: PLANS.giveaway }), at))).to.equal('50.00');
  });
});

describe('what is left of a period of another length than its cycle', () => {
  const five = aSubscription({ plan: PLANS.standard, period: june, quantity: 5 });
  const convert = (subscription: Subscription, basis: Basis, now = at) => {
    const facts = { target: PLANS.basic, byOperator: true, basis, at: now };
    return made(subscription, asked(subscription, { mode: 'convert_now', quantity: 1 }, facts), now);
  };

  for (const basis of BASES) {
    it(`is priced by the day where a rest was converted, by ${basis}`, () => {
      // 15 ÷ 30 × 5 × 200 = 500 is left, and 15 × 1000 ÷ 100 = 150 days of Basic are worth that
      const long = convert(five, basis);
      const facts = { target: PLANS.standard, basis };
      const up = asked(long, {}, facts);

      expect([lasting(must(long.period, 'a period')), credited(long, { basis })]).to.deep.equal([150, '500.00']);
      // 150 ÷ 30 × (200 − 100), and × 2 × 100
      expect([dollars(up.charge), dollars(asked(long, { quantity: 3 }, { basis }).charge)]).to.deep.equal([
        '500.00',
        '1000.00',
      ]);
      // 500 + 500, and 90 days later 60 ÷ 150 of that
      const high = made(long, up, at);
      const later = new Date(at.getTime() + 90 * DAY_MS);
      expect([credited(high, { basis }), credited(high, { basis, at: later })]).to.deep.equal(['1000.00', '400.00']);
      // 60 days × 200 ÷ 100
      const again = convert(high, basis, later);
      expect(lasting(must(again.period, 'a period'))).to.equal(120);
    });

    it(`is no whole cycle where only a few days are, by ${basis}`, () => {
      // 3 days × 200 ÷ 100 = 6 days of Basic, worth 20
      const standard = aSubscription({ plan: PLANS.standard, period: june });
      const facts = { at: day('2027-06-28'), basis };
      const short = convert(standard, basis, facts.at);

      expect([lasting(must(short.period, 'a period')), credited(short, facts)]).to.deep.equal([6, '20.00']);
      // 6 ÷ 30 × (200 − 100)
      expect(dollars(asked(short, {}, { target: PLANS.standard, ...facts }).charge)).to.equal('20.00');
    });

    it(`is three months where an earlier platform was paid for three at once, by ${basis}`, () => {
      const summer = { start: day('2027-06-01'), end: day('2027-09-01') };
      const imported = adoptedSubscription(
        PLANS.basic,
        {
          source: 'import',
          reference: '1',
          accountId: aSubscription({ plan: PLANS.basic, period: june }).accountId,
          status: 'active',
          interval: 'month',
          quantity: 1,
          unitPrice: money(10000n, 'USD'),
          taxBehavior: 'exclusive',
          startedAt: summer.start,
          anchorAt: summer.end,
          period: summer,
          cancelAtPeriodEnd: false,
          endedAt: null,
          country: null,
          renewalOwner: 'platform',
        },
        { id: five.id, version: 1, now: summer.start },
      );
      const facts = { at: summer.start, basis };

      expect([credited(imported, facts), credited(imported, { basis, at: day('2027-07-18') })]).to.deep.equal([
        '300.00',
        // fixed30: 45 of 90 days; actual: 45 of 92
        basis === 'fixed30' ? '150.00' : '146.74',
      ]);
      expect(dollars(asked(imported, {}, { target: PLANS.standard, ...facts }).charge)).to.equal('300.00');
    });
  }
});

describe('what is left after standing still', () => {
  const paid = aSubscription({ plan: PLANS.basic, period: july });
  const step = (subscription: Subscription, kind: 'pause' | 'resume', now: Date) =>
    decideLife(lifeFacts(subscription, kind === 'pause' ? { kind, resumesAt: null } : { kind }, now)).subscription;
  const paused = (subscription: Subscription, from: string, to: string) =>
    step(step(subscription, 'pause', day(from)), 'resume', day(to));

  for (const basis of BASES) {
    it(`is what was left before, as long as it stood, by ${basis}`, () => {
      const before = { at: day('2027-07-11'), basis };
      const after = { at: day('2027-08-20'), basis };
      const resumed = paused(paid, '2027-07-11', '2027-08-20');

      // 21 of 31 days, or of 30
      expect(credited(paid, before)).to.equal(basis === 'actual' ? '67.74' : '70.00');
      expect(credited(resumed, after)).to.equal(credited(paid, before));
      expect(asked(resumed, { quantity: 2 }, after).lines.map(({ unitPrice }) => unitPrice)).to.deep.equal(
        asked(paid, { quantity: 2 }, before).lines.map(({ unitPrice }) => unitPrice),
      );
      const up = made(resumed, asked(resumed, {}, { ...after, target: PLANS.standard }), after.at);
      expect(credited(up, after)).to.equal(basis === 'actual' ? '135.48' : '140.00');
    });
  }

  it('is the same after two pauses as after one of their length', () => {
    const twice = paused(paused(paid, '2027-07-06', '2027-07-26'), '2027-07-31', '2027-08-20');

    expect(credited(twice, { at: day('2027-08-20') })).to.equal('67.74');
  });

  it('is a cycle again after it', () => {
    const resumed = paused(paid, '2027-07-11', '2027-08-20');
    const period = must(resumed.period, 'a period');

    expect([period.end, resumed.anchorAt]).to.deep.equal([day('2027-09-10'), day('2027-09-10')]);
    expect(resumed.periodCountedFrom).to.deep.equal(day('2027-08-10'));
  });
});
