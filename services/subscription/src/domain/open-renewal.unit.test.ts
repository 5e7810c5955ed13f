import { must } from '@quittance/kernel';
import { expect } from 'chai';

import { aSubscription, day, PLANS } from '../../test/builders/change.ts';
import { codeOf } from '../../test/builders/code-of.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { settled } from './begin-period.ts';
import { decideLife } from './decide-life.ts';
import { decideMissedPayment, decideRenewed, type RenewalOutcome } from './decide-renewal-outcome.ts';
import { decideRenewal } from './decide-renewal.ts';
import { type LifeStep } from './life-step.ts';
import { type Period, type Subscription } from './subscription.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const july = { start: day('2027-07-01'), end: day('2027-08-01') };
const active = aSubscription({ plan: PLANS.basic, period: june });
const renewing = decideRenewal(active, { now: june.end, version: 8, coupon: null }).subscription;

const take = (subscription: Subscription, step: LifeStep, now: Date) => decideLife(lifeFacts(subscription, step, now));

const facts = (subscription: Subscription, now: Date) => ({
  subscription,
  entitlements: [],
  renewalCoupon: null,
  now,
  version: subscription.version + 1,
});

const changed = (outcome: RenewalOutcome): Subscription =>
  must(outcome.kind === 'change' ? outcome.subscription : null, `a change, not ${outcome.kind}`);

const paid = (subscription: Subscription, period: Period, replayed = false): RenewalOutcome =>
  decideRenewed(facts(subscription, day('2027-07-10')), {
    period,
    paid: subscription.price,
    taxRatePpm: 200_000,
    replayed,
  });

const missedOrNot = (subscription: Subscription): RenewalOutcome =>
  decideMissedPayment(facts(subscription, july.start), {
    period: july,
    attempt: 1,
    reason: 'card_declined',
    failedAt: july.start,
  });
const missed = (subscription: Subscription): Subscription => changed(missedOrNot(subscription));

const minuteLater = new Date(june.end.getTime() + 60_000);

describe('while a renewal is being collected', () => {
  it('nothing falls due, whatever is derived anew meanwhile', () => {
    expect(renewing).to.deep.include({ due: null, renewingFrom: july.start });
    expect(settled(renewing).due).to.equal(null);
  });

  for (const step of [
    { kind: 'cancel', when: 'period_end' },
    { kind: 'pause', resumesAt: null },
  ] as const satisfies readonly LifeStep[]) {
    it(`${step.kind} waits until it is settled`, () => {
      expect(codeOf(() => take(renewing, step, minuteLater))).to.equal('subscription.renewal_in_progress');
      const renewed = changed(paid(renewing, july));
      expect(codeOf(() => take(renewed, step, minuteLater))).to.equal('nothing thrown');
    });
  }

  it('cancelled now, its invoice is given up, and money that still comes waits for a person', () => {
    const { subscription, messages } = take(renewing, { kind: 'cancel', when: 'now' }, minuteLater);

    expect(subscription).to.include({ status: 'cancelled', renewingFrom: null });
    expect(messages).to.deep.include({
      type: 'cancel_renewal_invoice',
      renewalId: `${active.id}:2027-07-01T00:00:00.000Z`,
      subscriptionId: active.id,
      periodStart: july.start,
      reason: 'The subscription was told to cancel.',
    });
    expect(paid(subscription, july)).to.include({ kind: 'park', code: 'subscription.paid_after_end' });
  });

  it('paid, the period begins and the next one falls due', () => {
    expect(changed(paid(renewing, july))).to.deep.include({
      period: july,
      renewingFrom: null,
      due: { at: july.end, kind: 'renewal' },
    });
  });
});

describe('past due', () => {
  const pastDue = missed(renewing);

  it('cancelled, nobody collects its invoice any more', () => {
    const { messages } = take(pastDue, { kind: 'cancel', when: 'now' }, day('2027-07-05'));

    expect(messages.map(({ type }) => type)).to.include('cancel_renewal_invoice');
  });

  it('suspended, its invoice stays open, so that paying it settles the balance', () => {
    const { subscription, messages } = take(pastDue, { kind: 'suspend' }, day('2027-07-05'));

    expect(messages.map(({ type }) => type)).to.deep.equal(['entitlements_changed']);
    expect(subscription.renewingFrom).to.deep.equal(july.start);
    expect(changed(paid(subscription, july)).period).to.deep.equal(july);
  });

  const suspendedOn = (on: string) => take(pastDue, { kind: 'suspend' }, day(on)).subscription;

  it('reinstated, owes the invoice it owed before: there was access in its period', () => {
    const { subscription, messages } = take(suspendedOn('2027-07-20'), { kind: 'reinstate' }, day('2027-07-20'));

    expect(messages.map(({ type }) => type)).to.deep.equal(['entitlements_changed']);
    // 21 days from the 1st, the day on which it would have lost access anyway
    expect(subscription).to.deep.include({
      status: 'past_due',
      renewingFrom: july.start,
      period: june,
      accessUntil: pastDue.accessUntil,
      due: null,
      suspendedBy: null,
    });
    expect(pastDue.accessUntil).to.deep.equal(day('2027-07-22'));
    expect(changed(paid(subscription, july))).to.deep.include({
      status: 'active',
      period: july,
      due: { at: july.end, kind: 'renewal' },
    });
  });

  it('reinstated when its access would have ended, has the days of grace to pay in', () => {
    const { subscription } = take(suspendedOn('2027-07-05'), { kind: 'reinstate' }, day('2027-07-25'));

    expect(subscription).to.deep.include({ status: 'past_due', accessUntil: day('2027-07-28') });
  });

  it('reinstated before its charge was answered, owes it, and keeps access as long as any other', () => {
    const unanswered = take(renewing, { kind: 'suspend' }, minuteLater).subscription;
    const { subscription } = take(unanswered, { kind: 'reinstate' }, day('2027-07-02'));

    expect(subscription).to.deep.include({ status: 'past_due', accessUntil: day('2027-07-22') });
    expect(missedOrNot(subscription).kind).to.equal('nothing');
    expect(changed(paid(subscription, july))).to.deep.include({ status: 'active', period: july });
  });

  it('reinstated when what it owes has run out too: paid, that period lasts until then, and the next is counted from it', () => {
    const { subscription } = take(suspendedOn('2027-07-05'), { kind: 'reinstate' }, day('2027-08-20'));
    const renewed = changed(paid(subscription, july));
    const august = { start: day('2027-08-20'), end: day('2027-09-20') };

    expect(subscription).to.deep.include({ status: 'past_due', period: june, renewingFrom: july.start });
    expect(renewed).to.deep.include({
      status: 'active',
      period: { start: july.start, end: day('2027-08-20') },
      due: { at: day('2027-08-20'), kind: 'renewal' },
    });
    const begun = decideRenewal(renewed, { now: day('2027-08-20'), version: 20, coupon: null }).subscription;
    expect(changed(paid(begun, august))).to.deep.include({ period: august, due: { at: august.end, kind: 'renewal' } });
  });

  it('suspended since it fell due and reinstated, owes nothing for the time between: its invoice is given up', () => {
    const withheld = take(pastDue, { kind: 'suspend' }, july.start).subscription;
    const { subscription, messages } = take(withheld, { kind: 'reinstate' }, day('2027-07-09'));

    expect(messages.map(({ type }) => type)).to.include('cancel_renewal_invoice');
    expect(subscription).to.deep.include({
      status: 'active',
      renewingFrom: null,
      period: { start: june.start, end: day('2027-07-09') },
      due: { at: day('2027-07-09'), kind: 'renewal' },
    });
    // Paid before the word to give it up arrived.
    expect(paid(subscription, july)).to.include({ kind: 'park', code: 'subscription.paid_for_other_period' });
    const next = decideRenewal(subscription, { now: day('2027-07-09'), version: 20, coupon: null }).subscription;
    const renewed = changed(paid(next, { start: day('2027-07-09'), end: day('2027-08-09') }));
    expect(paid(renewed, july)).to.include({ kind: 'park', code: 'subscription.paid_for_other_period' });
  });

  it('reinstated at the very instant it fell due, its next period is another one than was given up', () => {
    const suspended = take(pastDue, { kind: 'suspend' }, june.end).subscription;
    const { subscription } = take(suspended, { kind: 'reinstate' }, june.end);

    expect(must(subscription.due, 'due').at.getTime()).to.equal(june.end.getTime() + 1);
  });
});

describe('a renewal that is told of as paid', () => {
  it('changes nothing where that very period is held, and nothing when an old one is told again', () => {
    const renewed = changed(paid(renewing, july));

    expect(paid(renewed, july)).to.deep.equal({ kind: 'nothing' });
    expect(paid(renewed, july, true)).to.deep.equal({ kind: 'nothing' });
    expect(paid(renewed, june, true)).to.deep.equal({ kind: 'nothing' });
  });

  it('is never swallowed: for any other period, or for a plan without periods, a person decides', () => {
    const renewed = changed(paid(renewing, july));
    const free = aSubscription({ plan: PLANS.free, period: null });

    expect(paid(renewed, { start: day('2027-06-15'), end: day('2027-07-15') }).kind).to.equal('park');
    expect(paid(free, july).kind).to.equal('park');
  });
});
