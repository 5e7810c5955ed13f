import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, changeFacts, day, PLANS } from '../../test/builders/change.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { AS_IT_IS } from './change-wish.ts';
import { decideLife } from './decide-life.ts';
import { adoptedSubscription, type LegacyReport } from './legacy.ts';
import { planChange } from './plan-change.ts';
import { type Subscription } from './subscription.ts';

const IMPORTED = day('2027-06-16');
const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const aYearAgo = { start: day('2026-06-01'), end: day('2026-07-01') };
const { accountId, id } = aSubscription({ plan: PLANS.basic, period: june });

const paused = (change: Partial<LegacyReport> = {}): Subscription => {
  const report: LegacyReport = {
    source: 'import',
    reference: 'old-1',
    accountId,
    country: null,
    status: 'paused',
    interval: 'month',
    quantity: 1,
    unitPrice: money(10_000n, 'USD'),
    taxBehavior: 'exclusive',
    startedAt: day('2026-06-01'),
    anchorAt: day('2026-06-01'),
    period: june,
    cancelAtPeriodEnd: false,
    endedAt: null,
    renewalOwner: 'platform',
    ...change,
  };
  return adoptedSubscription(PLANS.basic, report, { id, version: 1, now: IMPORTED });
};

const resumed = (subscription: Subscription, now: Date): Subscription =>
  decideLife(lifeFacts(subscription, { kind: 'resume' }, now)).subscription;

describe('adoptedSubscription', () => {
  context('when paused elsewhere', () => {
    it('gives back what was left as it was imported: 15 days from the day it is resumed', () => {
      const { period, due } = resumed(paused(), day('2027-06-26'));

      // 1 July + 10 days of standing still
      expect(period).to.deep.equal({ start: june.start, end: day('2027-07-11') });
      expect(due).to.deep.equal({ at: day('2027-07-11'), kind: 'renewal' });
    });

    it('charges nothing for the time after a period that was over: the next one begins as it is resumed', () => {
      const at = day('2027-06-26');
      const { period, due } = resumed(paused({ period: aYearAgo }), at);

      expect(period).to.deep.equal({ start: aYearAgo.start, end: at });
      expect(due).to.deep.equal({ at, kind: 'renewal' });
    });

    it('has paid for its period: another interval costs its price less what is left', () => {
      const at = day('2027-06-16');
      const facts = changeFacts({
        subscription: resumed(paused(), at),
        wish: { ...AS_IT_IS, interval: 'year' },
        at,
      });

      // 1000.00 a year − 15 ÷ 30 × 100.00
      expect(planChange(facts).charge).to.deep.equal(money(95_000n, 'USD'));
    });

    it('has paid nothing where Stripe paused it: that is a trial without a card', () => {
      expect(paused({ renewalOwner: 'stripe' }).periodPaid).to.deep.equal(money(0n, 'USD'));
      expect(paused().periodPaid).to.deep.equal(money(10_000n, 'USD'));
    });
  });
});
