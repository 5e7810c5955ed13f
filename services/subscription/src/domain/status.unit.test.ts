import { expect } from 'chai';

import { CHECKOUT_STATUSES, CHECKOUT_TRIGGERS, isOver, nextCheckoutStatus } from './checkout-status.ts';
import {
  canTransition,
  isLive,
  SUBSCRIPTION_STATUSES,
  SUBSCRIPTION_TRIGGERS,
  transition,
} from './subscription-status.ts';

describe('transition', () => {
  it('answers or refuses every status × trigger, never quietly nothing', () => {
    for (const from of SUBSCRIPTION_STATUSES) {
      for (const trigger of SUBSCRIPTION_TRIGGERS) {
        if (canTransition(from, trigger)) expect(SUBSCRIPTION_STATUSES).to.include(transition(from, trigger));
        else expect(() => transition(from, trigger)).to.throw('cannot');
      }
    }
  });

  it('activates only into the live state', () => {
    for (const from of SUBSCRIPTION_STATUSES) {
      if (canTransition(from, 'activate')) expect(isLive(transition(from, 'activate'))).to.equal(true);
    }
  });

  it('never revives what was cancelled', () => {
    expect(SUBSCRIPTION_TRIGGERS.some((trigger) => canTransition('cancelled', trigger))).to.equal(false);
  });
});

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
