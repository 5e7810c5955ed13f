import { money } from '@quittance/money';
import { expect } from 'chai';

import { discountsOnInvoice } from './discounts-on-invoice.ts';

const line = (description: string, amountMinor: bigint, quantity = 1) => ({
  description,
  quantity,
  unitPrice: money(amountMinor, 'USD'),
});

const told = (...lines: readonly ReturnType<typeof line>[]) =>
  [...discountsOnInvoice(lines, 'USD')].map(([code, { amountMinor }]) => [code, amountMinor]);

describe('discountsOnInvoice', () => {
  for (const [what, lines, expected] of [
    ['nothing without a discount', [line('Pro', 9900n)], []],
    ['nothing of a plan that is called like a coupon', [line('Pro – SPRING', 9900n)], []],
    ['nothing of credit for an unused period', [line('Unused part of Pro', -4950n)], []],
    ['one unit at the least', [line('Pro', 9900n), line('Pro – SPRING', -1n)], [['SPRING', 1n]]],
    // 24.75 + 2 × 1.25 = 27.25
    [
      'every line of one coupon together',
      [line('Pro', 9900n), line('Pro – SPRING', -2475n), line('Seat', 500n, 2), line('Seat – SPRING', -125n, 2)],
      [['SPRING', 2725n]],
    ],
    [
      'two coupons apart',
      [line('Pro – SPRING', -100n), line('Pro – WELCOME-25', -200n)],
      [
        ['SPRING', 100n],
        ['WELCOME-25', 200n],
      ],
    ],
    ['the code at the end of a name with a dash of its own', [line('Pro – yearly – SPRING', -5n)], [['SPRING', 5n]]],
  ] as const) {
    it(`tells ${what}`, () => {
      expect(told(...lines)).to.deep.equal(expected);
    });
  }
});
