import { expect } from 'chai';

import { meaningOf } from './stripe-event-types.ts';

describe('meaningOf', () => {
  const CASES = [
    ['checkout.session.completed', true, true, 'read_order'],
    ['checkout.session.expired', true, true, 'read_order'],
    ['checkout.session.async_payment_succeeded', true, true, 'read_order'],
    ['checkout.session.async_payment_failed', true, true, 'read_order'],
    ['payment_intent.payment_failed', true, true, 'read_order'],
    ['payment_intent.succeeded', true, false, 'none'],
    ['payment_intent.succeeded', false, true, 'read_order'],
    ['charge.refunded', true, true, 'money_went_back'],
    ['charge.dispute.created', true, true, 'money_went_back'],
    ['charge.succeeded', true, false, 'none'],
    ['payment_intent.created', true, false, 'none'],
    ['customer.subscription.updated', false, false, 'none'],
    ['toString', false, false, 'none'],
  ] as const;
  for (const [type, viaCheckout, audited, effect] of CASES) {
    it(`${type}${viaCheckout ? ' of a checkout' : ''} is ${audited ? '' : 'not '}audited, effect ${effect}`, () => {
      expect(meaningOf(type, viaCheckout)).to.deep.equal({ audited, effect });
    });
  }

  it('records one successful purchase on the hosted page once', () => {
    const events = [
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
      'customer.created',
      'payment_method.attached',
    ];

    expect(events.filter((type) => meaningOf(type, true).audited)).to.deep.equal(['checkout.session.completed']);
  });
});
