import { makeNewId } from '@quittance/kernel';
import { SUPPORTED_CURRENCIES } from '@quittance/money';
import { expect } from 'chai';

import { decidePublication } from '../domain/decide-publication.ts';
import { type CatalogPolicy } from '../domain/definition.ts';
import { seedFor } from './seed-for.ts';

const policy = (change: Partial<CatalogPolicy> = {}): CatalogPolicy => ({
  languages: ['en', 'fr', 'ar'],
  currencies: SUPPORTED_CURRENCIES,
  taxInclusive: ['EUR', 'GBP'],
  ...change,
});

const monthsOf = (seed: ReturnType<typeof seedFor>, product: string, plan: string) =>
  seed.products
    .find(({ key }) => key === product)
    ?.plans.find(({ key }) => key === plan)
    ?.prices.filter(({ interval, region }) => interval === 'month' && region === null)
    .map(({ currency, amountMinor, taxBehavior }) => [currency, amountMinor, taxBehavior]);

describe('seedFor', () => {
  it('has the tax in the prices of currencies whose people expect it there', () => {
    expect(monthsOf(seedFor(policy()), 'automation', 'pro')?.slice(0, 4)).to.deep.equal([
      ['USD', 9900n, 'exclusive'],
      ['EUR', 10_900n, 'inclusive'],
      ['GBP', 9500n, 'inclusive'],
      ['NGN', 15_000_000n, 'exclusive'],
    ]);
    expect(monthsOf(seedFor(policy({ taxInclusive: ['USD'] })), 'automation', 'pro')?.[1]).to.deep.equal([
      'EUR',
      10_900n,
      'exclusive',
    ]);
  });

  it('prices in another base what has no price in it, and keeps what has', () => {
    const seed = seedFor(policy({ currencies: ['EUR', 'XOF'] }));

    // 19.00 dollars × 0.92 = 17.48 euro; the dollar is not sold in.
    expect(monthsOf(seed, 'short-links', 'team')).to.deep.equal([['EUR', 1748n, 'inclusive']]);
    expect(monthsOf(seed, 'automation', 'pro')).to.deep.equal([
      ['EUR', 10_900n, 'inclusive'],
      ['XOF', 60_000n, 'exclusive'],
    ]);
  });

  it('tells rates from the base', () => {
    const { rates } = seedFor(policy({ currencies: ['EUR', 'USD', 'XOF'] }));

    expect(rates.map(({ base, quote, rateE8 }) => [base, quote, rateE8])).to.deep.equal([
      // 1 ÷ 0.92 = 1.086956521…
      ['EUR', 'USD', 108_695_652n],
      // 605 ÷ 0.92 = 657.608695652…
      ['EUR', 'XOF', 65_760_869_565n],
    ]);
  });

  it('says nothing in a language that is not configured', () => {
    const [product] = seedFor(policy({ languages: ['fr'] })).products;
    const [plan] = product?.plans ?? [];

    const told = [product?.texts, product?.meters[0]?.texts, plan?.texts, plan?.items[0]?.texts];
    expect(told.map((texts) => Object.keys(texts ?? {}))).to.deep.equal([['fr'], ['fr'], ['fr'], ['fr']]);
  });

  for (const base of SUPPORTED_CURRENCIES) {
    it(`can be published whole with ${base} as its base`, () => {
      const sold = policy({ currencies: [base, ...SUPPORTED_CURRENCIES.filter((currency) => currency !== base)] });
      const { products, rates } = seedFor(sold);

      const published = products.flatMap((product) =>
        product.plans.map((definition) =>
          decidePublication({
            product,
            definition,
            existing: null,
            policy: sold,
            rates,
            now: new Date('2026-03-01T00:00:00Z'),
            nextVersion: 1,
            newId: makeNewId(() => 0),
          }),
        ),
      );

      expect(published).to.have.lengthOf(22);
    });
  }
});
