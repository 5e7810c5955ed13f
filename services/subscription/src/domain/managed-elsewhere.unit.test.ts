import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { settled } from './begin-period.ts';
import { decideLife } from './decide-life.ts';
import { decideRenewed } from './decide-renewal-outcome.ts';
import { asReported, type LegacyReport } from './legacy.ts';
import { type LifeStep } from './life-step.ts';
import { type Subscription } from './subscription.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const july = { start: day('2027-07-01'), end: day('2027-08-01') };
const ours = aSubscription({ plan: PLANS.basic, period: june });
const mirrored = settled({ ...ours, renewalOwner: 'stripe' });

const take = (subscription: Subscription, step: LifeStep, now = day('2027-06-16')): Subscription =>
  decideLife(lifeFacts(subscription, step, now)).subscription;

const report = (change: Partial<LegacyReport> = {}): LegacyReport => ({
  source: 'stripe',
  reference: 'sub_elsewhere',
  accountId: ours.accountId,
  country: null,
  status: 'active',
  interval: 'month',
  quantity: 1,
  unitPrice: money(10_000n, 'USD'),
  taxBehavior: 'exclusive',
  startedAt: june.start,
  anchorAt: june.start,
  period: june,
  cancelAtPeriodEnd: false,
  endedAt: null,
  renewalOwner: 'stripe',
  ...change,
});

const told = (subscription: Subscription, change: Partial<LegacyReport>): Subscription =>
  asReported(subscription, report(change), { now: day('2027-06-20'), version: subscription.version + 1 });

describe('a subscription that Stripe renews', () => {
  const refused = [
    { kind: 'cancel', when: 'now' },
    { kind: 'cancel', when: 'period_end' },
    { kind: 'pause', resumesAt: null },
    { kind: 'resume' },
    { kind: 'reinstate' },
  ] as const satisfies readonly LifeStep[];
  for (const step of refused) {
    it(`cannot ${Object.values(step).join(' ')} here, because Stripe would go on charging`, () => {
      expect(codeOf(() => take(mirrored, step))).to.equal('subscription.managed_elsewhere');
    });
  }

  it('is suspended by an operator, and stays so whatever Stripe says while it lives there', () => {
    const suspended = take(mirrored, { kind: 'suspend' });

    expect(suspended).to.include({ status: 'suspended', suspendedBy: 'operator' });
    for (const status of ['active', 'trialing', 'past_due', 'paused', 'suspended'] as const) {
      const after = told(suspended, { status, period: july });
      expect(after, status).to.include({ status: 'suspended', suspendedBy: 'operator' });
      expect(after.period, status).to.deep.equal(july);
    }
  });

  it('ends although an operator suspended it, when it ends there', () => {
    const suspended = take(mirrored, { kind: 'suspend' });

    expect(told(suspended, { status: 'cancelled', endedAt: day('2027-06-19') })).to.include({
      status: 'cancelled',
      suspendedBy: null,
    });
  });

  it('gets access back from the operator who withheld it, with the period that Stripe counts', () => {
    const suspended = told(take(mirrored, { kind: 'suspend' }), {});
    const reinstated = take(suspended, { kind: 'reinstate' }, day('2027-07-02'));

    expect(reinstated).to.include({ status: 'active', suspendedBy: null, due: null });
    expect(reinstated.period).to.deep.equal(june);
    expect(reinstated.anchorAt).to.deep.equal(june.start);
  });

  it('loses access for a balance that is open there, and has it again when that is settled', () => {
    const unpaid = told(mirrored, { status: 'suspended' });

    expect(unpaid).to.include({ status: 'suspended', suspendedBy: 'balance' });
    expect(codeOf(() => take(unpaid, { kind: 'reinstate' }))).to.equal('subscription.managed_elsewhere');
    expect(told(unpaid, { status: 'active' })).to.include({ status: 'active', suspendedBy: null });
  });

  it('never falls due here, not even a trial', () => {
    expect(told(mirrored, { status: 'cancelled', endedAt: june.start }).due).to.equal(null);
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    expect(settled({ ...trial, renewalOwner: 'stripe' }).due).to.equal(null);
  });
});

describe('a renewal that is paid while access is withheld', () => {
  const paidInJuly = (subscription: Subscription) =>
    decideRenewed(
      {
        subscription,
        entitlements: [],
        renewalCoupon: null,
        now: july.start,
        version: subscription.version + 1,
      },
      { period: july, paid: subscription.price, taxRatePpm: 200_000, replayed: false },
    );

  it('begins its period and gives no access back where an operator withheld it', () => {
    const outcome = paidInJuly(take(ours, { kind: 'suspend' }));

    expect(outcome.kind).to.equal('change');
    if (outcome.kind !== 'change') return;
    expect(outcome.subscription).to.include({ status: 'suspended', suspendedBy: 'operator', due: null });
    expect(outcome.subscription.period).to.deep.equal(july);
  });

  it('gives access back where the open balance was why', () => {
    const outcome = paidInJuly({ ...take(ours, { kind: 'suspend' }), suspendedBy: 'balance' });

    expect(outcome.kind).to.equal('change');
    if (outcome.kind !== 'change') return;
    expect(outcome.subscription).to.include({ status: 'active', suspendedBy: null });
  });
});
