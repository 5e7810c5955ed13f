import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { decideDue } from './decide-due.ts';
import { decideLife } from './decide-life.ts';
import { type LifeStep } from './life-step.ts';
import { type Plan } from './plan.ts';
import { type Period, type Subscription } from './subscription.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const active = aSubscription({ plan: PLANS.basic, period: june });

const take = (subscription: Subscription, step: LifeStep, now = day('2027-06-16')) =>
  decideLife(lifeFacts(subscription, step, now));

const due = (subscription: Subscription, now: Date) => {
  const decision = decideDue({
    subscription,
    scheduled: null,
    coupon: null,
    entitlements: [],
    usage: new Map(),
    now,
    version: subscription.version + 1,
  });
  if (decision.kind === 'nothing') throw new Error('nothing was due');
  return decision;
};

describe('cancel', () => {
  it('at the period’s end keeps access until then, without the days of grace, and renews nothing', () => {
    const { subscription, audit } = take(active, { kind: 'cancel', when: 'period_end' });

    expect(subscription).to.include({ status: 'active', cancelAtPeriodEnd: true, renewalTotal: null });
    expect(subscription.accessUntil).to.deep.equal(june.end);
    expect(subscription.due).to.deep.equal({ at: june.end, kind: 'cancellation' });
    expect(audit.map(({ action }) => action)).to.deep.equal(['subscription.cancellation_scheduled']);
  });

  it('is undone without a trace in what falls due', () => {
    const later = take(active, { kind: 'cancel', when: 'period_end' }).subscription;
    const { subscription } = take(later, { kind: 'resume' });

    expect({ ...subscription, version: 0, updatedAt: null }).to.deep.equal({ ...active, version: 0, updatedAt: null });
  });

  it('takes effect at the end of the period, however late it is worked off', () => {
    const later = take(active, { kind: 'cancel', when: 'period_end' }).subscription;
    const { subscription, messages } = due(later, day('2027-07-09'));

    expect(subscription).to.include({ status: 'cancelled', due: null });
    expect(subscription.accessUntil).to.deep.equal(june.end);
    expect(messages.map(({ type }) => type)).to.deep.equal(['entitlements_changed']);
  });

  it('now ends access now', () => {
    const { subscription } = take(active, { kind: 'cancel', when: 'now' });

    expect(subscription).to.include({ status: 'cancelled', due: null });
    expect(subscription.accessUntil).to.deep.equal(day('2027-06-16'));
  });

  it('cannot be undone where nothing was cancelled, nor when it is done', () => {
    const ended = take(active, { kind: 'cancel', when: 'now' }).subscription;

    expect(codeOf(() => take(active, { kind: 'resume' }))).to.equal('subscription.illegal_transition');
    expect(() => take(active, { kind: 'resume' })).to.throw('goes on anyway');
    expect(() => take(ended, { kind: 'resume' })).to.throw('that is cancelled cannot resume');
    expect(() => take(ended, { kind: 'cancel', when: 'period_end' })).to.throw('that is cancelled cannot cancel');
  });
});

describe('pause', () => {
  const paused = take(active, { kind: 'pause', resumesAt: day('2027-07-11') }).subscription;

  it('stops the renewal and falls due when it ends', () => {
    expect(paused).to.include({ status: 'paused' });
    expect(paused.due).to.deep.equal({ at: day('2027-07-11'), kind: 'resume' });
  });

  it('over a renewal: 25 days paused, so the period ends 25 days later, and later ones are counted from there', () => {
    const { subscription } = due(paused, day('2027-07-20'));

    // 16 June to 11 July is 25 days; 1 July + 25 = 26 July
    expect(subscription.period).to.deep.equal({ start: june.start, end: day('2027-07-26') });
    expect(subscription.anchorAt).to.deep.equal(day('2027-07-26'));
    expect(subscription.due).to.deep.equal({ at: day('2027-07-26'), kind: 'renewal' });
    expect(subscription.pause).to.equal(null);
  });

  it('cannot end before it begins', () => {
    expect(codeOf(() => take(active, { kind: 'pause', resumesAt: day('2027-06-16') }))).to.equal(
      'subscription.resume_in_past',
    );
  });
});

describe('suspend and reinstate', () => {
  it('denies at once, and gives everything back while the period lasts', () => {
    const suspended = take(active, { kind: 'suspend' }).subscription;
    const { subscription } = take(suspended, { kind: 'reinstate' }, day('2027-06-20'));

    expect(suspended).to.include({ status: 'suspended', due: null });
    expect({ ...subscription, version: 0, updatedAt: null }).to.deep.equal({ ...active, version: 0, updatedAt: null });
  });

  it('does not put off the end of a trial, and of what ends with its period', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    const leaving = take(active, { kind: 'cancel', when: 'period_end' }).subscription;
    const [ended, left] = [trial, leaving].map((one) =>
      due(take(one, { kind: 'suspend' }).subscription, day('2027-07-05')),
    );

    expect(ended?.subscription).to.include({ status: 'expired', suspendedBy: null, due: null });
    expect(left?.subscription).to.include({ status: 'cancelled', suspendedBy: null, due: null });
    expect(left?.subscription.cancelledAt).to.deep.equal(june.end);
  });

  it('gives back what ends before its day, with its day', () => {
    const leaving = take(active, { kind: 'cancel', when: 'period_end' }).subscription;
    const suspended = take(leaving, { kind: 'suspend' }).subscription;
    const { subscription } = take(suspended, { kind: 'reinstate' }, day('2027-06-20'));

    expect(subscription).to.include({ status: 'active', cancelAtPeriodEnd: true });
    expect(subscription.due).to.deep.equal({ at: june.end, kind: 'cancellation' });
  });

  it('charges nothing for time without access: the period is stretched to the day access comes back', () => {
    const suspended = take(active, { kind: 'suspend' }).subscription;
    const { subscription } = take(suspended, { kind: 'reinstate' }, day('2027-08-09'));

    expect(subscription.period).to.deep.equal({ start: june.start, end: day('2027-08-09') });
    expect(subscription.due).to.deep.equal({ at: day('2027-08-09'), kind: 'renewal' });
    expect(subscription.anchorAt).to.deep.equal(day('2027-08-09'));
  });

  it('lets a suspended trial go on as a trial', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    const suspended = take(trial, { kind: 'suspend' }).subscription;

    expect(take(suspended, { kind: 'reinstate' }).subscription).to.include({ status: 'trialing' });
  });

  it('reactivates what was cancelled while its paid period lasts, and not after', () => {
    const cancelled = take(active, { kind: 'cancel', when: 'now' }).subscription;

    expect(take(cancelled, { kind: 'reinstate' }, day('2027-06-30')).subscription).to.include({ status: 'active' });
    expect(codeOf(() => take(cancelled, { kind: 'reinstate' }, june.end))).to.equal('subscription.period_over');
  });

  describe('where something else has its place by now', () => {
    const cancelled = take(active, { kind: 'cancel', when: 'now' }).subscription;
    const back = (of: Subscription, holder: Subscription) =>
      decideLife({ ...lifeFacts(of, { kind: 'reinstate' }, day('2027-06-17')), holder });
    const other = (plan: Plan, period: Period | null): Subscription => ({
      ...aSubscription({ plan, period }),
      id: 'sub_01j8zq4m7e8b2c3d4f5g6h7k02',
      version: 5,
    });

    it('takes it from a plan that costs nothing, and its document is the newer one', () => {
      const { subscription, displaced, messages, audit } = back(cancelled, other(PLANS.free, null));

      expect(subscription).to.include({ status: 'active', planKey: 'basic' });
      expect(displaced).to.include({ status: 'cancelled', planKey: 'free', due: null });
      expect(subscription.version).to.be.greaterThan(displaced?.version ?? Infinity);
      expect(messages.map(({ type }) => type)).to.deep.equal(['entitlements_changed']);
      expect(audit.map(({ action }) => action)).to.deep.equal(['subscription.reinstated', 'subscription.replaced']);
    });

    it('is refused where that one costs something, and where neither does', () => {
      const free = { ...other(PLANS.free, null), status: 'cancelled' as const };

      expect(codeOf(() => back(cancelled, other(PLANS.standard, june)))).to.equal('subscription.already_subscribed');
      expect(codeOf(() => back(free, other(PLANS.free, null)))).to.equal('subscription.already_subscribed');
    });
  });

  it('never turns a cancelled trial into a plan', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    const cancelled = take(trial, { kind: 'cancel', when: 'now' }).subscription;

    expect(codeOf(() => take(cancelled, { kind: 'reinstate' }))).to.equal('subscription.period_over');
  });
});

describe('a trial', () => {
  it('expires on its last instant unless it was paid for', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    const { subscription } = due(trial, day('2027-06-20'));

    expect(trial.due).to.deep.equal({ at: day('2027-06-20'), kind: 'trial_end' });
    expect(subscription).to.include({ status: 'expired', due: null });
    expect(subscription.periodPaid).to.deep.equal(money(0n, 'USD'));
  });

  it('is not over a millisecond earlier', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-20') });
    const early = new Date(day('2027-06-20').getTime() - 1);

    const nothing = { scheduled: null, coupon: null, entitlements: [], usage: new Map() };

    expect(decideDue({ subscription: trial, ...nothing, now: early, version: 9 }).kind).to.equal('nothing');
  });
});
