import { expect } from 'chai';

import type { PlanPrice } from '../api/answers.ts';
import { checkoutSearch, orderOf } from './search.ts';

const price = (region: string | null): PlanPrice => ({
  priceId: 'prc_01j8zq4m7e8b2c3d4f5g6h7k8n',
  interval: 'month',
  amount: { amount: 5000, currency: 'XOF' },
  taxBehavior: 'exclusive',
  region,
  converted: false,
});

describe('orderOf', () => {
  it('orders a price for one country for that country, so that the order costs what the card says', () => {
    expect(checkoutSearch({ ...orderOf(price('SN')) })).to.deep.equal({
      interval: 'month',
      currency: 'XOF',
      country: 'SN',
    });
  });

  it('leaves the country of a price for everywhere to the buyer', () => {
    expect(checkoutSearch({ ...orderOf(price(null)) })).to.deep.equal({ interval: 'month', currency: 'XOF' });
  });
});

describe('checkoutSearch', () => {
  it('drops what is no country', () => {
    for (const country of ['sn', 'SEN', '<b>', 7, null]) expect(checkoutSearch({ country })).not.to.have.key('country');
  });
});
