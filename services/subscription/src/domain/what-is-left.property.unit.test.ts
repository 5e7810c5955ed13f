import { must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import { DAY_MS, factsOf, instantIn, parts, planned, wishes, worlds } from '../../test/builders/any-change.ts';
import { aSubscription, day, PLANS } from '../../test/builders/change.ts';
import { lifeFacts } from '../../test/builders/life.ts';
import { asked, BASES, made } from '../../test/builders/one-change.ts';
import { decideLife } from './decide-life.ts';
import { type LifeStep } from './life-step.ts';
import { wholeCyclesOf } from './period.ts';
import { type Subscription } from './subscription.ts';
import { unusedPart } from './unused-part.ts';

const june = { start: day('2027-06-01'), end: day('2027-07-01') };
const at = day('2027-06-16');

describe('what is left of a period, whatever was done in it', () => {
  const bases = fc.constantFrom(...BASES);

  it('is what was left before a change and what was paid for it, within the unit that each is rounded to', () => {
    const seen = { paid: 0, ofAnotherLength: 0 };
    fc.assert(
      fc.property(worlds, wishes, fc.tuple(parts(), parts(), bases), (start, first, [gone, then, basis]) => {
        // Another change first: what was converted has a period of any length.
        const began = instantIn(start, gone);
        const plan = planned(factsOf(start, { ...first, basis }, began));
        const changed = plan === null ? null : made(start, plan, began);
        const before = changed?.status === 'active' && changed.renewingFrom === null ? changed : start;
        const now = instantIn(before, then);
        const up = planned(
          factsOf(before, { ...first, target: PLANS.standard, quantity: 9, basis, mode: 'standard' }, now),
        );
        if (up === null || up.scheduled || up.target.effect.kind !== 'keep' || before.periodKind !== 'paid') return;
        const after = made(before, up, now);
        if (up.charge.amountMinor > 0n) {
          seen.paid += 1;
          if (wholeCyclesOf(must(before.period, 'a period'), before.interval) !== 1) seen.ofAnotherLength += 1;
        }
        const facts = { at: now, basis };
        const apart =
          unusedPart(after, facts).amountMinor - unusedPart(before, facts).amountMinor - up.charge.amountMinor;
        expect(apart >= -1n && apart <= 1n, String(apart)).to.equal(true);
      }),
      { numRuns: 1000 },
    );
    expect(seen.paid).to.be.greaterThan(100);
    expect(seen.ofAnotherLength).to.be.greaterThan(2);
  });

  it('is what it was before a pause, and so is what going up costs, however long it stood and wherever it ends', () => {
    const long = fc.integer({ min: 0, max: 400 * DAY_MS });
    const take = (subscription: Subscription, step: LifeStep, now: Date) =>
      decideLife(lifeFacts(subscription, step, now)).subscription;
    let seen = 0;
    fc.assert(
      fc.property(worlds, long, fc.tuple(parts(), bases), (before, stoodMs, [part, basis]) => {
        if (before.status !== 'active' || before.period === null) return;
        const since = instantIn(before, part);
        const until = new Date(since.getTime() + stoodMs);
        const after = take(take(before, { kind: 'pause', resumesAt: null }, since), { kind: 'resume' }, until);
        const more = (subscription: Subscription, now: Date) =>
          asked(subscription, { quantity: 20 }, { at: now, basis });

        expect(unusedPart(after, { at: until, basis })).to.deep.equal(unusedPart(before, { at: since, basis }));
        expect(more(after, until).charge).to.deep.equal(more(before, since).charge);
        seen += 1;
      }),
      { numRuns: 300 },
    );
    expect(seen).to.be.greaterThan(50);
  });

  it('never grows while time goes by, and is nothing at the end', () => {
    fc.assert(
      fc.property(worlds, bases, fc.tuple(parts(), parts()), (subscription, basis, [one, other]) => {
        const left = (part: number) =>
          unusedPart(subscription, { at: instantIn(subscription, part), basis }).amountMinor;

        expect(left(Math.max(one, other)) <= left(Math.min(one, other))).to.equal(true);
        if (subscription.period !== null) {
          expect(unusedPart(subscription, { at: subscription.period.end, basis }).amountMinor).to.equal(0n);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is as exact in a currency without minor units: 15 ÷ 30 × 4999 = 2500', () => {
    const inFrancs = {
      ...aSubscription({ plan: PLANS.basic, period: june }),
      price: money(4999n, 'XOF'),
      periodPaid: money(4999n, 'XOF'),
    };

    expect(unusedPart(inFrancs, { at, basis: 'actual' })).to.deep.equal(money(2500n, 'XOF'));
  });
});
