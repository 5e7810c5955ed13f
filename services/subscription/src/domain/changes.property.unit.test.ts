import { must } from '@quittance/kernel';
import { money, sum } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  atItsDay,
  commitOver,
  factsOf,
  instantIn,
  parts,
  planned,
  settle,
  shown,
  starts,
  TAX_RATE_PPM,
  wishes,
  worlds,
} from '../../test/builders/any-change.ts';
import { aSubscription, changeFacts, PLANS } from '../../test/builders/change.ts';
import { applyTarget } from './apply-target.ts';
import { type ChangeLine, CHANGE_KINDS, type PlannedChange, type SubscriptionChange } from './change.ts';
import { renewalCouponOf } from './coupon-fate.ts';
import { periodAfter } from './period.ts';
import { planChange } from './plan-change.ts';
import { nextChargeAt, type Subscription } from './subscription.ts';

const billed = (lines: readonly ChangeLine[]) =>
  sum(
    lines.map(({ unitPrice, quantity }) => money(unitPrice.amountMinor * BigInt(quantity), 'USD')),
    'USD',
  );

describe('any change', () => {
  const begun = fc.record({ before: worlds, to: wishes, part: parts() });

  /** As a preview shows it, with the rate that its invoice will have. */
  const promisedBy = (before: Subscription, preview: PlannedChange): Subscription =>
    applyTarget(before, preview.target, {
      charge: preview.charge,
      taxRatePpm: preview.charge.amountMinor > 0n ? TAX_RATE_PPM : null,
      renewalCoupon: renewalCouponOf(preview.coupon),
      now: preview.effectiveAt,
      version: before.version,
    });

  /** The subscription with another change waiting for its day, where that one can be scheduled. */
  const waiting = (before: Subscription, first: PlannedChange | null, at: Date) => {
    const decision = first?.scheduled ? commitOver(null, { subscription: before, plan: first, now: at }) : null;
    const scheduled: SubscriptionChange | null = decision?.change.status === 'scheduled' ? decision.change : null;
    return { subscription: (scheduled && decision?.subscription) ?? before, scheduled };
  };

  it('does on commit what its preview said: amounts, dates, lines and all that is told, to the minor unit', () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    const late = fc.record({
      first: wishes,
      pending: fc.boolean(),
      commitMs: fc.integer({ min: 0, max: 15 * 60_000 }),
      payMs: fc.integer({ min: 0, max: 34 * 60_000 }),
    });
    fc.assert(
      fc.property(begun, late, ({ before: start, to, part }, { first, pending, commitMs, payMs }) => {
        const at = instantIn(start, part);
        const { subscription: before, scheduled } = waiting(
          start,
          pending ? planned(factsOf(start, first, at)) : null,
          at,
        );
        const preview = planned(factsOf(before, to, at));
        if (preview === null) return;
        const promised = promisedBy(before, preview);
        const now = new Date(at.getTime() + commitMs);
        // The quote that is brought back names the instant: the plan is made anew from it, whenever that is.
        const again = must(planned(factsOf(before, to, at)), 'the same plan again');
        const decision = commitOver(scheduled, { subscription: before, plan: again, now });
        if (decision === null) return;
        count(preview.kind);
        const invoice = decision.messages.find((message) => message.type === 'open_invoice');
        expect(invoice?.lines ?? []).to.deep.equal(preview.lines);
        expect(billed(invoice?.lines ?? [])).to.deep.equal(preview.charge);
        if (decision.checkout !== null) {
          count('paid');
          // What is paid when the period is over does not fit any more.
          const lastMs = (before.period?.end.getTime() ?? Infinity) - 1;
          const paidAt = new Date(Math.min(now.getTime() + payMs, lastMs));
          expect(shown(settle(before, decision, paidAt))).to.deep.equal(shown(promised));
          return;
        }
        if (scheduled !== null) {
          count('replaced');
          expect(decision.replaced).to.include({ id: scheduled.id, status: 'superseded' });
        }
        const after = must(decision.subscription, 'what is now');
        if (!preview.scheduled) {
          expect(shown(after)).to.deep.equal(shown(promised));
          return;
        }
        count('scheduled');
        const { due, renewalTotal, renewalPrice, changeChargesAt, ...unchanged } = shown(after);
        expect({ ...shown(before), ...unchanged }).to.deep.equal(shown(before));
        expect(due).to.deep.equal({ at: preview.effectiveAt, kind: 'change' });
        expect([nextChargeAt(after), renewalTotal]).to.deep.equal([nextChargeAt(promised), promised.renewalTotal]);
        expect(renewalPrice).to.deep.equal(promised.renewalPrice);
        expect(changeChargesAt).to.deep.equal(nextChargeAt(promised));
        expect(shown(atItsDay(after, decision.change))).to.deep.equal(shown(promised));
      }),
      { numRuns: 1000 },
    );
    for (const kind of [...CHANGE_KINDS, 'paid', 'replaced', 'scheduled']) {
      expect(seen.get(kind) ?? 0, kind).to.be.greaterThan(0);
    }
  });

  it('never charges less than nothing, and never more than the new price', () => {
    fc.assert(
      fc.property(begun, ({ before, to, part }) => {
        const preview = planned(factsOf(before, to, instantIn(before, part)));
        if (preview === null) return;
        const price = preview.target.items.reduce(
          (total, item) => total + item.unitPrice.amountMinor * BigInt(item.quantity),
          0n,
        );
        expect(preview.charge.amountMinor >= 0n && preview.charge.amountMinor <= price).to.equal(true);
        expect(billed(preview.lines)).to.deep.equal(preview.charge);
        expect(preview.bonusDays).to.be.within(0, 20);
        if (preview.bonusDays > 0) expect(preview.kind).to.equal('downgrade');
      }),
      { numRuns: 600 },
    );
  });
});

describe('there and back at one instant', () => {
  const bought = (start: Date, quantity: number) =>
    aSubscription({ plan: PLANS.basic, period: periodAfter({ start, end: start }, start, 'month'), quantity });
  const quantities = fc.integer({ min: 1, max: 9 });
  const paidBy = (before: Subscription, plan: PlannedChange, at: Date): Subscription =>
    settle(before, must(commitOver(null, { subscription: before, plan, now: at }), 'a decision'), at);

  it('bills by any way up what it bills at once, within the unit that each step is rounded to', () => {
    fc.assert(
      fc.property(starts(), parts(), fc.tuple(quantities, quantities), (start, part, [less, more]) => {
        const before = bought(start, 1);
        const at = instantIn(before, part);
        const to = (from: Subscription, quantity: number) =>
          planChange(
            changeFacts({ subscription: from, target: PLANS.standard, at, wish: { ...changeFacts().wish, quantity } }),
          );
        const first = to(before, less);
        const half = first.charge.amountMinor === 0n ? null : paidBy(before, first, at);
        if (half === null || more <= less) return;
        const second = to(half, more);
        const apart =
          billed([...first.lines, ...second.lines]).amountMinor - billed(to(before, more).lines).amountMinor;
        expect(apart >= -1n && apart <= 1n, String(apart)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('nets to the time that was had: what went up is billed until the way back takes effect, and nothing after', () => {
    fc.assert(
      fc.property(starts(), parts(), quantities, (start, part, quantity) => {
        const before = bought(start, quantity);
        const at = instantIn(before, part);
        const up = planChange(changeFacts({ subscription: before, target: PLANS.standard, at }));
        if (up.charge.amountMinor === 0n) return;
        const high = paidBy(before, up, at);
        const down = planChange(changeFacts({ subscription: high, target: PLANS.basic, at, upgradedInPeriod: true }));
        const { change, subscription } = must(
          commitOver(null, { subscription: high, plan: down, now: at }),
          'a decision',
        );
        const back = atItsDay(must(subscription, 'what waits'), change);

        expect([down.lines, down.bonusDays]).to.deep.equal([[], 0]);
        // Paid for the rest alone, it counts as if it had been so from the start.
        expect(back.periodPaid).to.deep.equal(high.price);
        const settledAlike = [
          'items',
          'price',
          'interval',
          'anchorAt',
          'period',
          'due',
          'renewalTotal',
          'renewalPrice',
          'status',
        ] as const;
        for (const field of settledAlike) expect(back[field], field).to.deep.equal(before[field]);
      }),
      { numRuns: 300 },
    );
  });
});
