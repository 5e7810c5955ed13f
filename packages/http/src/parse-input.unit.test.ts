import { httpContract } from '@quittance/contracts';
import { isDomainError } from '@quittance/kernel';
import { expect } from 'chai';
import { z } from 'zod';

import { parseInput } from './parse-input.ts';

const Order = httpContract({
  name: 'Order',
  service: 'catalog',
  method: 'POST',
  path: '/v1/orders',
  summary: 'For this test.',
  access: 'public',
  audit: 'none',
  idempotency: 'none',
  rate: 'write',
  body: z.strictObject({
    items: z.array(
      z.union([
        z.strictObject({ plan: z.string().regex(/^pln_/, 'must be like pln_1'), quantity: z.int() }),
        z.strictObject({ name: z.string(), price: z.strictObject({ amount: z.int(), currency: z.string() }) }),
      ]),
    ),
    texts: z.record(z.string().regex(/^[a-z]{2}$/, 'must be like fr'), z.string()),
  }),
  answer: z.strictObject({}),
});

const issuesOf = (json: unknown): unknown => {
  try {
    return parseInput(Order, { params: {}, query: {}, json, rawBody: Buffer.from('') });
  } catch (error) {
    return isDomainError(error) ? error.details['issues'] : error;
  }
};

describe('parseInput', () => {
  it('says what is wrong with the nearest of several shapes', () => {
    const price = { amount: 1.5, currency: 'USD' };

    const issues = issuesOf({
      items: [
        { plan: 'nope', quantity: 1 },
        { name: 'Seats', price },
      ],
      texts: {},
    });

    expect(issues).to.deep.equal([
      { path: 'body.items.0.plan', problem: 'must be like pln_1' },
      { path: 'body.items.1.price.amount', problem: 'Invalid input: expected int, received number' },
    ]);
  });

  it('says what a name that the caller chose should be like', () => {
    expect(issuesOf({ items: [], texts: { fr: 'x', EN: 'y' } })).to.deep.equal([
      { path: 'body.texts.EN', problem: 'the name must be like fr' },
    ]);
  });
});
