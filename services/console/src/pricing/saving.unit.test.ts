import { expect } from 'chai';

import type { PlanPrice } from '../api/answers.ts';
import { perMonthOf, savingOf } from './saving.ts';

const price = (interval: 'month' | 'year', amount: number, facts: Partial<PlanPrice> = {}): PlanPrice => ({
  priceId: 'prc_01j8zq4m7e8b2c3d4f5g6h7k8n',
  interval,
  amount: { amount, currency: 'USD' },
  taxBehavior: 'exclusive',
  region: null,
  converted: false,
  ...facts,
});

describe('savingOf', () => {
  it('compares a year with twelve months and never rounds up', () => {
    // 12 × 99.00 = 1188.00; − 990.00 = 198.00; 198 ÷ 1188 = 16.67 %, shown as 16 %
    expect(savingOf([price('month', 9900), price('year', 99_000)])).to.deep.equal({
      saved: { amount: 19_800, currency: 'USD' },
      share: 0.16,
    });
  });

  it('claims nothing when a year costs the same, or more', () => {
    expect(savingOf([price('month', 100), price('year', 1200)])).to.equal(null);
    expect(savingOf([price('month', 100), price('year', 1201)])).to.equal(null);
    expect(savingOf([price('month', 0), price('year', 0)])).to.equal(null);
  });

  it('claims nothing where the prices cannot be compared', () => {
    expect(savingOf([price('year', 1000)])).to.equal(null);
    expect(savingOf([price('month', 100), price('year', 1000, { converted: true })])).to.equal(null);
    expect(savingOf([price('month', 100), price('year', 1000, { taxBehavior: 'inclusive' })])).to.equal(null);
    expect(
      savingOf([price('month', 100), price('year', 1000, { amount: { amount: 1000, currency: 'EUR' } })]),
    ).to.equal(null);
  });
});

describe('perMonthOf', () => {
  it('rounds to a whole minor unit', () => {
    // 100.00 ÷ 12 = 8.333…
    expect(perMonthOf({ amount: 10_000, currency: 'USD' })).to.deep.equal({ amount: 833, currency: 'USD' });
  });
});
