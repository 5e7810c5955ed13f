import { type Currency } from '@quittance/money';
import { expect } from 'chai';

import { type ExchangeRate } from './definition.ts';
import { type PriceDefinition } from './plan.ts';
import { pricesInEveryCurrency as inEveryCurrency } from './prices-in-every-currency.ts';

const usd = (amountMinor: bigint): PriceDefinition => ({
  currency: 'USD',
  interval: 'month',
  region: null,
  amountMinor,
  taxBehavior: 'exclusive',
});

const rate = (quote: Currency, rateE8: bigint): ExchangeRate => ({
  base: 'USD',
  quote,
  rateE8,
  asOf: new Date('2026-03-01T00:00:00Z'),
});

const pricesInEveryCurrency = (
  set: readonly PriceDefinition[],
  policy: Parameters<typeof inEveryCurrency>[1],
  rates: readonly ExchangeRate[],
) => inEveryCurrency(set, policy, { rates, selfServe: true });

const sold = (currencies: readonly Currency[]) => ({ currencies, taxInclusive: ['EUR', 'GBP'] as const });

describe('pricesInEveryCurrency', () => {
  for (const [amountMinor, quote, rateE8, expected] of [
    // 0.01 × 0.5 = 0.005, half away from zero.
    [1n, 'EUR', 50_000_000n, 1n],
    // 99.00 × 605 = 59 895 francs, which have no minor unit.
    [9900n, 'XOF', 60_500_000_000n, 59_895n],
    // 0.99 × 605 = 598.95 → 599 francs.
    [99n, 'XOF', 60_500_000_000n, 599n],
    // 10.00 × 0.3075 = 3.075 dinar, which has three digits.
    [1000n, 'KWD', 30_750_000n, 3075n],
  ] as const) {
    it(`turns ${String(amountMinor)} cents into ${String(expected)} ${quote} at ${String(rateE8)} ÷ 10^8`, () => {
      const prices = pricesInEveryCurrency([usd(amountMinor)], sold(['USD', quote]), [rate(quote, rateE8)]);

      expect(prices.find(({ currency }) => currency === quote)).to.include({ amountMinor: expected, converted: true });
    });
  }

  it('keeps a price that was set, and converts only the interval that has none', () => {
    const set: readonly PriceDefinition[] = [
      usd(1000n),
      { ...usd(10_000n), interval: 'year' },
      { ...usd(900n), currency: 'EUR' },
    ];

    const euros = pricesInEveryCurrency(set, sold(['USD', 'EUR']), [rate('EUR', 50_000_000n)]).filter(
      ({ currency }) => currency === 'EUR',
    );

    expect(euros.map(({ interval, amountMinor, converted }) => [interval, amountMinor, converted])).to.deep.equal([
      ['month', 900n, false],
      ['year', 5000n, true],
    ]);
  });

  it('has tax in a converted price where its currency wants it, whatever the base price says', () => {
    const rates = [rate('EUR', 50_000_000n), rate('KES', 12_900_000_000n)];

    const behaviours = (taxBehavior: PriceDefinition['taxBehavior']) =>
      pricesInEveryCurrency([{ ...usd(1000n), taxBehavior }], sold(['USD', 'EUR', 'KES']), rates).map((price) => [
        price.currency,
        price.taxBehavior,
      ]);

    expect(behaviours('exclusive')).to.deep.equal([
      ['USD', 'exclusive'],
      ['EUR', 'inclusive'],
      ['KES', 'exclusive'],
    ]);
    expect(behaviours('inclusive')).to.deep.equal([
      ['USD', 'inclusive'],
      ['EUR', 'inclusive'],
      ['KES', 'exclusive'],
    ]);
  });

  it('refuses a price, set or converted, of more digits than a card is charged in any currency', () => {
    // 10^9 cents × 999.99999999 = 999 999 999 990 kobo; × 1000 it is one digit more.
    const sell = (amountMinor: bigint, rateE8: bigint) => () =>
      pricesInEveryCurrency([usd(amountMinor)], sold(['USD', 'NGN']), [rate('NGN', rateE8)]);

    expect(sell(999_999_999_999n, 100_000_000n)).not.to.throw();
    expect(sell(1_000_000_000n, 99_999_999_999n)).not.to.throw();
    for (const [amountMinor, rateE8] of [
      [1_000_000_000_000n, 1n],
      [1_000_000_000n, 100_000_000_000n],
    ] as const) {
      expect(sell(amountMinor, rateE8)).to.throw().with.property('code', 'catalog.price_too_high');
    }
  });

  it('refuses a conversion that no JSON number tells exactly, whoever sells it', () => {
    // 10^12 × 9 007.19925474 = 9 007 199 254 740 000; 2^53 − 1 is 9 007 199 254 740 991.
    const tell = (rateE8: bigint) => () =>
      inEveryCurrency([usd(1_000_000_000_000n)], sold(['USD', 'NGN']), {
        rates: [rate('NGN', rateE8)],
        selfServe: false,
      });

    expect(tell(900_719_925_474n)).not.to.throw();
    expect(tell(900_719_925_475n)).to.throw().with.property('code', 'catalog.price_too_high');
  });

  it('gives nothing away: what costs something is refused where it would round to nothing', () => {
    const sell = (amountMinor: bigint, quote: Currency, rateE8: bigint) => () =>
      pricesInEveryCurrency([usd(amountMinor)], sold(['USD', quote]), [rate(quote, rateE8)]);

    // 0.01 × 0.49999999 = 0.0049999999; 0.01 × 49.9 = 0.499 francs, 0.01 × 50 = 0.5 → 1 franc.
    expect(sell(1n, 'EUR', 49_999_999n))
      .to.throw()
      .with.property('code', 'catalog.price_too_low');
    expect(sell(1n, 'XOF', 4_990_000_000n))
      .to.throw()
      .with.property('code', 'catalog.price_too_low');
    expect(sell(1n, 'XOF', 5_000_000_000n)).not.to.throw();
  });

  it('needs no rate for nothing', () => {
    expect(
      pricesInEveryCurrency([usd(0n)], sold(['USD', 'GHS']), []).map(({ amountMinor }) => amountMinor),
    ).to.deep.equal([0n, 0n]);
  });

  it('converts nothing for a plan without prices', () => {
    expect(pricesInEveryCurrency([], sold(['USD', 'GHS']), [])).to.deep.equal([]);
  });

  it('does not make a price for everywhere out of one for a single country', () => {
    const prices = pricesInEveryCurrency([{ ...usd(1000n), region: 'KE' }], sold(['USD', 'EUR']), [
      rate('EUR', 50_000_000n),
    ]);

    expect(prices.map(({ region }) => region)).to.deep.equal(['KE', 'KE']);
  });

  describe('with a price for Nigeria in the base currency', () => {
    const inNaira = (own: readonly PriceDefinition[] = []) =>
      pricesInEveryCurrency(
        [usd(1000n), { ...usd(500n), region: 'NG' }, ...own],
        sold(['USD', 'NGN']),
        // 10 USD × 1550 = 15 500 naira; 5 USD × 1550 = 7 750 naira.
        [rate('NGN', 155_000_000_000n)],
      )
        .filter(({ currency }) => currency === 'NGN')
        .map(({ region, amountMinor, converted }) => [region, amountMinor, converted]);

    it('converts it for Nigeria beside the general one', () => {
      expect(inNaira()).to.deep.equal([
        [null, 1_550_000n, true],
        ['NG', 775_000n, true],
      ]);
    });

    it('converts neither where the currency has a general price of its own', () => {
      expect(inNaira([{ ...usd(900_000n), currency: 'NGN' }])).to.deep.equal([[null, 900_000n, false]]);
    });

    it('keeps the price that Nigeria has in naira', () => {
      expect(inNaira([{ ...usd(600_000n), currency: 'NGN', region: 'NG' }])).to.deep.equal([
        ['NG', 600_000n, false],
        [null, 1_550_000n, true],
      ]);
    });
  });
});
