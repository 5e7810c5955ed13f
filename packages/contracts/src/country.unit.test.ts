import { expect } from 'chai';
import { z } from 'zod';

import { httpContracts } from './registry.ts';

/** What a person or a service sends to say where a buyer is. */
const asked = httpContracts.flatMap(({ name, body }) =>
  body instanceof z.ZodObject && body.shape['country'] instanceof z.ZodType
    ? [{ name, country: body.shape['country'] }]
    : [],
);

describe('the country a buyer is taxed in', () => {
  it('is asked for by the four ways to begin a subscription', () => {
    expect(asked.map(({ name }) => name)).to.have.members([
      'CreateCheckoutSession',
      'CreateHandoff',
      'CreateSubscription',
      'StartTrial',
    ]);
  });

  for (const { name, country } of asked) {
    it(`is one that exists for ${name}, because no tax is due where nobody lives`, () => {
      for (const code of ['FR', 'GR', 'MC', 'US', 'XK']) expect(country.safeParse(code).success).to.equal(true);
      // Greece and the United Kingdom as they are not written, a union, and what stands for nowhere.
      for (const code of ['EL', 'UK', 'EU', 'ZZ', 'XX', 'fr']) expect(country.safeParse(code).success).to.equal(false);
    });
  }
});
