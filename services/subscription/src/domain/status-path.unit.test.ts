import { expect } from 'chai';

import { pathTo } from './status-path.ts';
import { SUBSCRIPTION_STATUSES, type SubscriptionStatus, transition } from './subscription-status.ts';

describe('pathTo', () => {
  const CASES = [
    ['draft', 'active', ['activate']],
    ['draft', 'cancelled', ['activate', 'cancel']],
    ['draft', 'past_due', ['activate', 'miss_payment']],
    ['active', 'active', []],
    ['past_due', 'active', ['activate']],
    ['past_due', 'paused', ['activate', 'pause']],
    ['cancelled', 'active', ['reinstate']],
    ['cancelled', 'past_due', ['reinstate', 'miss_payment']],
  ] as const;
  for (const [from, to, triggers] of CASES) {
    it(`goes from ${from} to ${to} by ${triggers.join(', ') || 'nothing'}`, () => {
      expect(pathTo(from, to)).to.deep.equal(triggers);
    });
  }

  it('takes only steps of the table, and arrives', () => {
    const there: readonly SubscriptionStatus[] = ['active', 'past_due', 'paused', 'suspended', 'cancelled'];
    for (const from of SUBSCRIPTION_STATUSES) {
      for (const to of there) {
        expect(pathTo(from, to).reduce<SubscriptionStatus>(transition, from), `${from} → ${to}`).to.equal(to);
      }
    }
  });

  it('refuses what cannot have happened', () => {
    expect(() => pathTo('active', 'draft')).to.throw('A subscription that is active cannot become draft.');
  });
});
