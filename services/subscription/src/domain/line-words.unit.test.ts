import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { AS_IT_IS } from './change-wish.ts';
import { planChange } from './plan-change.ts';
import { type Plan, planName } from './plan.ts';

const named = (plan: Plan, names: Plan['names']): Plan => ({ ...plan, names });
const basic = named(PLANS.basic, { en: 'Basic', fr: 'Basique', ar: 'الأساسية' });
const standard = named(PLANS.standard, { en: 'Standard', fr: 'Standard +', ar: 'القياسية' });

describe('the lines of a change', () => {
  const period = { start: day('2027-06-01'), end: day('2027-07-01') };
  const linesOf = (language: string | null, change: 'plan' | 'interval') => {
    const subscription = aSubscription({ plan: basic, period, quantity: 2, language });
    const facts = { subscription, at: day('2027-06-16') };
    return change === 'plan'
      ? planChange(changeFacts({ ...facts, target: standard }))
      : planChange(changeFacts({ ...facts, target: basic, wish: { ...AS_IT_IS, interval: 'year' } }));
  };

  const table: readonly [string | null, readonly string[], readonly string[]][] = [
    [null, ['2 × Basic, unused part', '2 × Standard, rest of the period'], ['Basic', '2 × Basic, unused part']],
    [
      'fr',
      ['2 × Basique, partie non utilisée', '2 × Standard +, reste de la période'],
      ['Basique', '2 × Basique, partie non utilisée'],
    ],
    [
      'ar',
      ['2 × الأساسية، الجزء غير المستخدم', '2 × القياسية، بقية الفترة'],
      ['الأساسية', '2 × الأساسية، الجزء غير المستخدم'],
    ],
    [
      'fr-CA',
      ['2 × Basique, partie non utilisée', '2 × Standard +, reste de la période'],
      ['Basique', '2 × Basique, partie non utilisée'],
    ],
    ['sw', ['2 × Basic, unused part', '2 × Standard, rest of the period'], ['Basic', '2 × Basic, unused part']],
  ];
  for (const [language, ofPlan, ofInterval] of table) {
    it(`are written in the language of the checkout: ${language ?? 'none was said'}`, () => {
      const upgrade = linesOf(language, 'plan');
      const yearly = linesOf(language, 'interval');

      expect(upgrade.lines.map(({ description }) => description)).to.deep.equal(ofPlan);
      expect(yearly.lines.map(({ description }) => description)).to.deep.equal(ofInterval);
      expect(upgrade.target.planName).to.equal(planName(standard, language));
    });
  }
});

describe('planName', () => {
  for (const [language, name] of [
    ['fr', 'Basique'],
    ['fr-CA', 'Basique'],
    ['sw', 'Basic'],
    [null, 'Basic'],
  ] as const) {
    it(`of ${language ?? 'no language'} is ${name}`, () => {
      expect(planName(basic, language)).to.equal(name);
    });
  }

  it('prefers the region’s own name', () => {
    expect(planName(named(PLANS.basic, { en: 'Basic', fr: 'Basique', 'fr-CA': 'De base' }), 'fr-CA')).to.equal(
      'De base',
    );
  });
});
