import { isDomainError } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { type PlannedChange } from './change.ts';
import { planChange } from './plan-change.ts';

const dollars = (planned: PlannedChange): string => (Number(planned.charge.amountMinor) / 100).toFixed(2);

describe('planChange', () => {
  // June 2027 has 30 days: on the 16th, 15 are left.
  const june = { start: day('2027-06-01'), end: day('2027-07-01') };
  const onBasic = aSubscription({ plan: PLANS.basic, period: june });
  const at = day('2027-06-16');

  describe('upgrade', () => {
    const table: readonly [string, Partial<ChangeFacts>, string][] = [
      // 15 ÷ 30 × (200 − 100) = 50
      ['15 of 30 days left, 100 → 200', { at }, '50.00'],
      // the whole difference
      ['at the first instant', { at: june.start }, '100.00'],
      // 1 ÷ 2 592 000 s × 100 = 0.00004 → 0
      ['one second before the end', { at: new Date(june.end.getTime() - 1000) }, '0.00'],
      // fixed30: the 15th has begun, 14 days are gone, 16 ÷ 30 × 100
      [
        'by days of a 30-day month, in the middle of a day',
        { at: new Date('2027-06-15T23:00:00Z'), current: fixed30() },
        '53.33',
      ],
      // 15 ÷ 30 × (3 × 200 − 100) = 250
      ['to three of the dearer plan', { at, wish: wish({ quantity: 3 }) }, '250.00'],
    ];
    for (const [name, change, expected] of table) {
      it(`costs ${expected} ${name}`, () => {
        const planned = planChange(changeFacts({ subscription: onBasic, target: PLANS.standard, ...change }));

        expect(dollars(planned)).to.equal(expected);
        expect(planned).to.include({ kind: 'upgrade', scheduled: false, bonusDays: 0 });
        expect(planned.target.effect).to.deep.equal({ kind: 'keep', anchorAt: null });
      });
    }

    it('says what goes and what comes, and the lines are the charge', () => {
      const planned = planChange(changeFacts({ subscription: onBasic, target: PLANS.standard, at }));

      expect(planned.lines.map(({ description, unitPrice }) => [description, unitPrice.amountMinor])).to.deep.equal([
        ['Basic, unused part', -5000n],
        ['Standard, rest of the period', 10000n],
      ]);
    });

    it('is free where a higher plan costs no more', () => {
      const planned = planChange(changeFacts({ subscription: onBasic, target: PLANS.giveaway, at }));

      expect(planned).to.include({ kind: 'upgrade', scheduled: false });
      expect(planned.lines).to.deep.equal([]);
      expect(dollars(planned)).to.equal('0.00');
    });

    it('from a plan without a price pays a whole period that begins now', () => {
      const onFree = aSubscription({ plan: PLANS.free, period: null });
      const planned = planChange(changeFacts({ subscription: onFree, target: PLANS.basic, at }));

      expect(dollars(planned)).to.equal('100.00');
      expect(planned.target.effect)
        .to.include({ kind: 'begin', periodKind: 'paid' })
        .and.to.deep.include({
          period: { start: at, end: day('2027-07-16') },
        });
    });

    it('in a bonus period ends the bonus, and nothing of it is converted', () => {
      const bonus = { ...onBasic, periodKind: 'bonus' as const, periodPaid: money(0n, 'USD') };
      const planned = planChange(changeFacts({ subscription: bonus, target: PLANS.standard, at }));

      expect(dollars(planned)).to.equal('200.00');
      expect(planned.target.effect).to.deep.include({ period: { start: at, end: day('2027-07-16') } });
    });

    it('is one more of the same in a bonus period, too', () => {
      const bonus = { ...onBasic, periodKind: 'bonus' as const, periodPaid: money(0n, 'USD') };
      const more = planChange(changeFacts({ subscription: bonus, at, wish: wish({ quantity: 2 }) }));
      const longer = planChange(changeFacts({ subscription: bonus, at, wish: wish({ interval: 'year' }) }));

      expect([more.kind, dollars(more)]).to.deep.equal(['upgrade', '200.00']);
      expect([longer.kind, dollars(longer)]).to.deep.equal(['interval_switch', '1000.00']);
    });

    it('before the first paid period has begun is for that whole period, and shortens nothing', () => {
      const soon = aSubscription({ plan: PLANS.basic, period: { start: day('2027-06-20'), end: day('2027-07-20') } });
      const up = planChange(changeFacts({ subscription: soon, target: PLANS.standard, at }));
      const longer = planChange(changeFacts({ subscription: soon, at, wish: wish({ interval: 'year' }) }));

      expect(dollars(up)).to.equal('100.00');
      expect(up.invoicePeriod).to.deep.equal(soon.period);
      // 1000 − all of the 100 that were paid
      expect(dollars(longer)).to.equal('900.00');
      expect(longer.target.effect).to.deep.include({
        period: { start: day('2027-06-20'), end: day('2028-06-20') },
        anchorAt: day('2027-06-20'),
      });
    });
  });

  describe('downgrade', () => {
    const onStandard = aSubscription({ plan: PLANS.standard, period: june });
    const down = (change: Partial<ChangeFacts> = {}) =>
      planChange(changeFacts({ subscription: onStandard, target: PLANS.basic, at, ...change }));

    it('waits for the end, then gives min(15 × 200 ÷ 100 × 2 = 60, 20) = 20 days on the new plan', () => {
      const planned = down();

      expect(planned).to.include({ kind: 'downgrade', scheduled: true, bonusDays: 20 });
      expect(planned.effectiveAt).to.deep.equal(june.end);
      expect(dollars(planned)).to.equal('0.00');
      expect(planned.target.effect).to.deep.include({
        period: { start: june.end, end: day('2027-07-21') },
        periodKind: 'bonus',
        anchorAt: day('2027-07-21'),
      });
    });

    const bonuses: readonly [string, Partial<ChangeFacts>, number][] = [
      // 3 × 200 ÷ 100 × 2 = 12
      ['three days left', { at: day('2027-06-28') }, 12],
      // 0.5 × 2 × 2 = 2
      ['half a day left', { at: new Date('2027-06-30T12:00:00Z') }, 2],
      ['a cycle that had an upgrade', { upgradedInPeriod: true }, 0],
      ['a bonus within the year', { bonusWithinYear: true }, 0],
      ['nothing paid for the period', { subscription: { ...onStandard, periodPaid: money(0n, 'USD') } }, 0],
      // 50 of 200 was paid: 3 × 50 ÷ 100 × 2 = 3
      [
        'a quarter really paid',
        { at: day('2027-06-28'), subscription: { ...onStandard, periodPaid: money(5000n, 'USD') } },
        3,
      ],
    ];
    for (const [name, change, expected] of bonuses) {
      it(`gives ${expected} days with ${name}`, () => {
        expect(down(change).bonusDays).to.equal(expected);
      });
    }

    it('is refused where the subscription ends with that period: nothing comes after it', () => {
      const ending = { ...onStandard, cancelAtPeriodEnd: true };

      expect(codeOf(() => down({ subscription: ending }))).to.equal('subscription.ends_with_period');
      expect(planChange(changeFacts({ subscription: ending, at, wish: wish({ quantity: 2 }) })).scheduled).to.equal(
        false,
      );
    });

    it('to a plan without a price ends the periods, without a bonus', () => {
      const planned = planChange(changeFacts({ subscription: onStandard, target: PLANS.free, at }));

      expect(planned).to.include({ scheduled: true, bonusDays: 0 });
      expect(planned.target.effect).to.deep.equal({ kind: 'end', at: june.end });
    });

    it('counts per day: a year of the cheaper plan does not look dearer than a month', () => {
      const planned = planChange(
        changeFacts({
          subscription: onStandard,
          target: PLANS.basic,
          at: day('2027-06-30'),
          wish: wish({ interval: 'year' }),
        }),
      );

      // 1 × (200 ÷ 30) ÷ (1000 ÷ 360) × 2 = 4.8 → 4
      expect(planned).to.include({ kind: 'downgrade', scheduled: true, bonusDays: 4 });
    });

    it('is refused while more is in use than the target allows, and says what', () => {
      try {
        down({
          usage: new Map([
            ['agents', 4],
            ['seats', 1],
          ]),
        });
        expect.fail('it was not refused');
      } catch (error) {
        if (!isDomainError(error)) throw error;
        expect(error.code).to.equal('subscription.usage_exceeds_plan');
        expect(error.details).to.deep.equal({ exceeded: [{ feature: 'agents', used: 4, limit: 3 }] });
      }
    });
  });

  describe('interval switch', () => {
    it('pays the new price less the unused part: 1000 − 15 ÷ 30 × 100 = 950, new cycle now', () => {
      const planned = planChange(changeFacts({ subscription: onBasic, at, wish: wish({ interval: 'year' }) }));

      expect(dollars(planned)).to.equal('950.00');
      expect(planned).to.include({ kind: 'interval_switch', scheduled: false });
      expect(planned.target.effect).to.deep.include({ period: { start: at, end: day('2028-06-16') }, anchorAt: at });
    });

    it('credits what was really paid, not the list price: 1000 − 15 ÷ 30 × 40 = 980', () => {
      const discounted = { ...onBasic, periodPaid: money(4000n, 'USD') };

      expect(
        dollars(planChange(changeFacts({ subscription: discounted, at, wish: wish({ interval: 'year' }) }))),
      ).to.equal('980.00');
    });

    it('waits for the end where more is left than the new price', () => {
      const year = { start: day('2027-01-01'), end: day('2028-01-01') };
      const yearly = aSubscription({ plan: PLANS.basic, period: year, interval: 'year' });
      const planned = planChange(changeFacts({ subscription: yearly, at, wish: wish({ interval: 'month' }) }));

      expect(planned).to.include({ kind: 'interval_switch', scheduled: true, bonusDays: 0 });
      expect(planned.target.effect).to.deep.equal({ kind: 'keep', anchorAt: year.end });
    });
  });

  describe('quantity and items', () => {
    it('charges two more for the rest: 15 ÷ 30 × 2 × 100 = 100', () => {
      expect(dollars(planChange(changeFacts({ subscription: onBasic, at, wish: wish({ quantity: 3 }) })))).to.equal(
        '100.00',
      );
    });

    it('lets less wait for the end, without a bonus', () => {
      const three = aSubscription({ plan: PLANS.basic, period: june, quantity: 3 });

      expect(planChange(changeFacts({ subscription: three, at, wish: wish({ quantity: 1 }) }))).to.include({
        kind: 'reduction',
        scheduled: true,
        bonusDays: 0,
      });
    });

    it('adds what was agreed by hand beside the plan: 15 ÷ 30 × 2 × 15 = 15', () => {
      const addition = {
        kind: 'agreed',
        key: 'training',
        name: 'Training',
        unitPrice: money(1500n, 'USD'),
        taxBehavior: 'exclusive',
        quantity: 2,
      } as const;
      const planned = planChange(
        changeFacts({ subscription: onBasic, at, byOperator: true, wish: wish({ additions: [addition] }) }),
      );

      expect(dollars(planned)).to.equal('15.00');
      expect(planned.target.items.map(({ key, quantity }) => [key, quantity])).to.deep.equal([
        ['basic', 1],
        ['training', 2],
      ]);
    });
  });

  describe('conversion', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });

    it('pays a whole period that begins where the trial would have ended', () => {
      const planned = planChange(changeFacts({ subscription: trial, at }));

      expect(planned.kind).to.equal('conversion');
      expect(dollars(planned)).to.equal('100.00');
      expect(planned.target.effect).to.deep.include({ period: { start: day('2027-06-20'), end: day('2027-07-20') } });
    });
  });

  describe('immediate conversion by an operator', () => {
    it('gives days left × old ÷ new: 15 × 200 ÷ 100 = 30 days from now', () => {
      const onStandard = aSubscription({ plan: PLANS.standard, period: june });
      const planned = planChange(
        changeFacts({
          subscription: onStandard,
          target: PLANS.basic,
          at,
          byOperator: true,
          wish: wish({ mode: 'convert_now' }),
        }),
      );

      expect(planned).to.include({ kind: 'immediate_convert', scheduled: false });
      expect(planned.target.effect).to.deep.include({ period: { start: at, end: day('2027-07-16') } });
    });
  });
});

function wish(change: Partial<ChangeFacts['wish']>): ChangeFacts['wish'] {
  return { ...changeFacts().wish, ...change };
}

function fixed30() {
  return { rank: 1, prorationBasis: 'fixed30' } as const;
}
