import { expect } from 'chai';

import { meaningOf } from './stripe-event-types.ts';

describe('meaningOf', () => {
  const CASES = [
    ['checkout.session.completed', 'checkout', true, 'read_order'],
    ['checkout.session.expired', 'checkout', true, 'read_order'],
    ['checkout.session.async_payment_succeeded', 'checkout', true, 'read_order'],
    ['checkout.session.async_payment_failed', 'checkout', true, 'read_order'],
    ['payment_intent.payment_failed', 'checkout', true, 'read_order'],
    ['payment_intent.succeeded', 'checkout', false, 'none'],
    ['payment_intent.succeeded', null, true, 'read_order'],
    ['payment_intent.succeeded', 'charge', false, 'read_order'],
    ['payment_intent.payment_failed', 'charge', false, 'read_order'],
    ['charge.refunded', 'checkout', true, 'money_went_back'],
    ['charge.dispute.created', 'checkout', true, 'money_went_back'],
    ['charge.succeeded', 'checkout', false, 'none'],
    ['payment_intent.created', 'checkout', false, 'none'],
    ['customer.subscription.updated', null, false, 'mirror_subscription'],
    ['customer.subscription.deleted', null, false, 'mirror_subscription'],
    ['invoice.payment_succeeded', null, true, 'mirror_subscription'],
    ['invoice.payment_failed', null, true, 'mirror_subscription'],
    ['customer.subscription.trial_will_end', null, false, 'none'],
    ['toString', null, false, 'none'],
  ] as const;
  for (const [type, via, audited, effect] of CASES) {
    it(`${type}${via === null ? '' : ` of a ${via}`} is ${audited ? '' : 'not '}audited, effect ${effect}`, () => {
      expect(meaningOf(type, via)).to.deep.equal({ audited, effect });
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

    expect(events.filter((type) => meaningOf(type, 'checkout').audited)).to.deep.equal(['checkout.session.completed']);
  });
});
