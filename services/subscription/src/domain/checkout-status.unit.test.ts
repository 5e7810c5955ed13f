import { expect } from 'chai';

import { CHECKOUT_STATUSES, CHECKOUT_TRIGGERS, isOver, nextCheckoutStatus } from './checkout-status.ts';
describe('nextCheckoutStatus', () => {
  it('completes from everywhere, because a paid invoice is the truth', () => {
    for (const from of CHECKOUT_STATUSES) expect(nextCheckoutStatus(from, 'complete')).to.equal('completed');
  });

  it('leaves an ending alone for everything but payment', () => {
    for (const from of CHECKOUT_STATUSES.filter(isOver)) {
      for (const trigger of CHECKOUT_TRIGGERS.filter((name) => name !== 'complete')) {
        expect(nextCheckoutStatus(from, trigger)).to.equal(from);
      }
    }
  });
});
