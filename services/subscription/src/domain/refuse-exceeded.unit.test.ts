import { isDomainError } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { planChange } from './plan-change.ts';
import { type Plan } from './plan.ts';

describe('refuseExceeded', () => {
  const june = { start: day('2027-06-01'), end: day('2027-07-01') };
  const threeBasic = aSubscription({ plan: PLANS.basic, period: june, quantity: 3 });
  const wish = (change: Partial<ChangeFacts['wish']>): ChangeFacts['wish'] => ({ ...changeFacts().wish, ...change });
  const limited = (plan: Plan, agents: number): Plan => ({
    ...plan,
    entitlements: [{ kind: 'limit', feature: 'agents', limit: agents }],
  });
  const withVersion = (target: Plan): Partial<ChangeFacts> => ({
    target,
    versions: new Map([...changeFacts().versions, [target.planVersionId, target]]),
  });
  const outcome = (change: Partial<ChangeFacts>, agents: number): string => {
    try {
      return planChange(changeFacts({ at: day('2027-06-16'), usage: new Map([['agents', agents]]), ...change })).kind;
    } catch (error) {
      if (isDomainError(error)) return `${error.code} ${JSON.stringify(error.details['exceeded'])}`;
      throw error;
    }
  };
  const exceeded = (used: number, limit: number): string =>
    `subscription.usage_exceeds_plan [{"feature":"agents","used":${used},"limit":${limit}}]`;

  // Basic allows 3 agents each, Standard 10.
  const table: readonly [string, Partial<ChangeFacts>, number, number, string][] = [
    [
      'a year of fewer',
      { subscription: threeBasic, wish: wish({ interval: 'year', quantity: 1 }) },
      3,
      3,
      'interval_switch',
    ],
    [
      'another plan of the same rank that allows less',
      {
        subscription: threeBasic,
        ...withVersion({ ...limited(PLANS.standard, 1), rank: 1 }),
        wish: wish({ quantity: 3 }),
      },
      3,
      3,
      'upgrade',
    ],
    [
      'fewer of a plan of higher rank',
      {
        subscription: aSubscription({ plan: PLANS.basic, period: june, quantity: 4 }),
        target: PLANS.standard,
        wish: wish({ quantity: 1 }),
      },
      10,
      10,
      'upgrade',
    ],
    [
      'paying for a trial on a lower plan',
      {
        subscription: aSubscription({ plan: PLANS.standard, period: null, trialEnd: day('2027-06-20') }),
        target: PLANS.basic,
      },
      3,
      3,
      'conversion',
    ],
    [
      'giving up an addition',
      {
        subscription: {
          ...aSubscription({ plan: PLANS.basic, period: june }),
          items: [
            ...aSubscription({ plan: PLANS.basic, period: june }).items,
            ...aSubscription({ plan: PLANS.standard, period: june }).items,
          ],
          price: money(30_000n, 'USD'),
        },
        wish: wish({ additions: [] }),
      },
      3,
      3,
      'reduction',
    ],
  ];
  for (const [name, change, fits, limit, kind] of table) {
    it(`holds ${name} to ${limit}`, () => {
      expect(outcome(change, fits)).to.equal(kind);
      expect(outcome(change, limit + 1)).to.equal(exceeded(limit + 1, limit));
    });
  }

  it('lets those who use too much already have more', () => {
    const onBasic = aSubscription({ plan: PLANS.basic, period: june });

    expect(outcome({ subscription: onBasic, wish: wish({ quantity: 2 }) }, 9)).to.equal('upgrade');
    expect(outcome({ subscription: onBasic, wish: wish({ interval: 'year' }) }, 9)).to.equal('interval_switch');
  });

  it('holds a plan of lower rank to its limits even where they are not lower', () => {
    const onStandard = aSubscription({ plan: PLANS.standard, period: june });

    expect(
      outcome(
        { subscription: onStandard, ...withVersion({ ...PLANS.basic, entitlements: PLANS.standard.entitlements }) },
        11,
      ),
    ).to.equal(exceeded(11, 10));
  });
});
