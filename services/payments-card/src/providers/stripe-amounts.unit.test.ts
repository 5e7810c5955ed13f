import { existsSync, readFileSync } from 'node:fs';

import { exponentOf, isCurrency, money } from '@quittance/money';
import { expect } from 'chai';
import { z } from 'zod';

import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts';

const Oracle = z.object({
  stripe_zero_decimal: z.array(z.string()),
  stripe_three_decimal_last_digit_must_be_0: z.array(z.string()),
  disagreements: z.array(z.object({ currency: z.string(), stripe_api: z.int() })),
});

describe('toStripeAmount', () => {
  const CASES = [
    // 19.99 dollars: two digits at both
    ['USD', 1999n, 1999n],
    ['USD', 1n, 1n],
    // 1500 francs: none at both
    ['XOF', 1500n, 1500n],
    ['JPY', 1n, 1n],
    // 5 krónur: none by ISO, two at Stripe
    ['ISK', 5n, 500n],
    // 5.00 ariary: two by ISO, none at Stripe
    ['MGA', 500n, 5n],
    // 5.01 ariary cannot be said at Stripe
    ['MGA', 501n, null],
    // 5.12 dinar: three at both, in steps of ten
    ['KWD', 5120n, 5120n],
    ['KWD', 5124n, null],
    // Stripe contradicts itself about shillings
    ['UGX', 1000n, null],
  ] as const;
  for (const [currency, ours, theirs] of CASES) {
    it(`${ours} minor units of ${currency} are ${theirs ?? 'refused'}`, () => {
      expect(toStripeAmount(money(ours, currency))?.units ?? null).to.equal(theirs);
    });
  }

  const oracle = new URL('../../../../../shared/oracles/money/iso4217_minor_units.json', import.meta.url);
  if (existsSync(oracle)) {
    it('knows every currency that Stripe counts differently', () => {
      const table = Oracle.parse(JSON.parse(readFileSync(oracle, 'utf8')));
      const exponents = [
        ...table.stripe_zero_decimal.map((currency) => [currency, 0] as const),
        ...table.stripe_three_decimal_last_digit_must_be_0.map((currency) => [currency, 3] as const),
        ...table.disagreements.map(({ currency, stripe_api: exponent }) => [currency, exponent] as const),
      ];
      for (const [currency, exponent] of exponents) {
        if (!isCurrency(currency) || currency === 'UGX') continue;
        // ten thousand whole units, whatever a minor unit is
        const whole = 10_000n * 10n ** BigInt(exponentOf(currency));
        expect(toStripeAmount(money(whole, currency))?.units, currency).to.equal(10_000n * 10n ** BigInt(exponent));
      }
    });
  } else {
    process.stdout.write('payments-card: currency oracle is absent (../shared/oracles), its comparison was not run\n');
  }
});

describe('fromStripeAmount', () => {
  it('writes the currency as ISO does', () => {
    expect(fromStripeAmount(1500, 'xof')).to.deep.equal({ units: 1500n, currency: 'XOF' });
  });
});
