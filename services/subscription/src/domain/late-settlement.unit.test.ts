import { must } from '@quittance/kernel';
import { expect } from 'chai';

import { commit, factsOf, planned } from '../../test/builders/any-change.ts';
import { aSubscription, day, PLANS } from '../../test/builders/change.ts';
import { decideRenewal } from './decide-renewal.ts';
import { decideSettlement, type SettlementDecision } from './decide-settlement.ts';
import { type Subscription } from './subscription.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const toStandard = {
  target: PLANS.standard,
  interval: 'month',
  quantity: 1,
  basis: 'actual',
  additions: null,
  mode: 'standard',
  newestVersion: false,
} as const;
const HOUR_MS = 3_600_000;

/** Offered an hour before the end, its page paid at `now`; meanwhile the subscription became `then`. */
const paidAt = (offered: Subscription, now: Date, then: Subscription = offered): SettlementDecision => {
  const at = new Date(must(offered.period, 'period').end.getTime() - HOUR_MS);
  const plan = must(planned(factsOf(offered, toStandard, at)), 'a plan');
  const decision = must(commit(offered, plan, at), 'a change');
  return decideSettlement({
    change: decision.change,
    subscription: then,
    checkout: must(decision.checkout, 'a page to pay at'),
    scheduled: null,
    coupon: null,
    newCoupon: null,
    entitlements: [],
    paid: decision.change.charge,
    taxRatePpm: 200_000,
    now,
    version: then.version + 1,
  });
};

describe('an upgrade whose page is paid late', () => {
  const active = aSubscription({ plan: PLANS.basic, period: june });
  const renewing = decideRenewal(active, { now: june.end, version: 8, coupon: null }).subscription;

  it('takes effect on the last instant of the period it was offered for', () => {
    expect(paidAt(active, new Date(june.end.getTime() - 1)).kind).to.equal('apply');
  });

  it('does not turn a renewal at the old price into the new plan: a person decides', () => {
    expect(paidAt(active, june.end).kind).to.equal('park');
    expect(paidAt(active, new Date(june.end.getTime() + HOUR_MS), renewing).kind).to.equal('park');
  });

  it('is still a conversion after the trial, because the money says that it was wanted', () => {
    const trial = aSubscription({ plan: PLANS.standard, period: null, trialEnd: day('2027-06-20') });

    expect(paidAt(trial, day('2027-06-20')).kind).to.equal('apply');
  });
});
