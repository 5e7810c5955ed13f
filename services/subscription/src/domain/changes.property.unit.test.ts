import { must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  atItsDay,
  commit,
  factsOf,
  instantIn,
  parts,
  planned,
  settle,
  shown,
  starts,
  wishes,
  worldOf,
} from '../../test/builders/any-change.ts';
import { aSubscription, changeFacts, PLANS } from '../../test/builders/change.ts';
import { applyTarget } from './apply-target.ts';
import { periodAfter } from './period.ts';
import { planChange } from './plan-change.ts';

describe('any change', () => {
  const begun = fc.record({
    from: wishes,
    to: wishes,
    start: starts(),
    part: parts(),
  });

  it('does on commit what its preview said: amounts, dates and lines, to the minor unit', () => {
    let paid = 0;
    let later = 0;
    fc.assert(
      fc.property(begun, fc.integer({ min: 0, max: 34 * 60_000 }), ({ from, to, start, part }, payMs) => {
        const before = worldOf(from, start);
        const at = instantIn(before, part);
        const preview = planned(factsOf(before, to, at));
        if (preview === null) return;
        const promised = applyTarget(before, preview.target, {
          charge: preview.charge,
          taxRatePpm: null,
          renewalCoupon: null,
          now: preview.effectiveAt,
          version: before.version,
        });
        const decision = commit(
          before,
          must(planned(factsOf(before, to, at)), 'the same plan again'),
          new Date(at.getTime() + 60_000),
        );
        if (decision === null) return;
        const invoice = decision.messages.find((message) => message.type === 'open_invoice');
        expect(invoice?.lines ?? []).to.deep.equal(preview.lines);
        const billed = (invoice?.lines ?? []).reduce(
          (sum, line) => sum + line.unitPrice.amountMinor * BigInt(line.quantity),
          0n,
        );
        expect(billed).to.equal(preview.charge.amountMinor);
        if (decision.checkout !== null) {
          paid += 1;
          // What is paid when the period is over does not fit any more.
          const lastMs = (before.period?.end.getTime() ?? Infinity) - 1;
          const paidAt = new Date(Math.min(at.getTime() + payMs, lastMs));
          expect(shown(settle(before, decision, paidAt))).to.deep.equal(shown(promised));
        } else if (preview.scheduled) {
          later += 1;
          const waiting = must(decision.subscription, 'what waits');
          expect(shown({ ...waiting, due: null })).to.deep.equal(shown({ ...before, due: null }));
          expect(shown(atItsDay(waiting, decision.change))).to.deep.equal(shown(promised));
        } else {
          expect(shown(must(decision.subscription, 'what is now'))).to.deep.equal(shown(promised));
        }
      }),
      { numRuns: 400 },
    );
    expect(Math.min(paid, later)).to.be.greaterThan(50);
  });

  it('never charges less than nothing, and never more than the new price', () => {
    fc.assert(
      fc.property(begun, ({ from, to, start, part }) => {
        const before = worldOf(from, start);
        const preview = planned(factsOf(before, to, instantIn(before, part)));
        if (preview === null) return;
        const price = preview.target.items.reduce(
          (sum, item) => sum + item.unitPrice.amountMinor * BigInt(item.quantity),
          0n,
        );
        expect(preview.charge.amountMinor >= 0n && preview.charge.amountMinor <= price).to.equal(true);
        expect(preview.bonusDays).to.be.within(0, 20);
        if (preview.bonusDays > 0) expect(preview.kind).to.equal('downgrade');
      }),
      { numRuns: 400 },
    );
  });
});

describe('the lines of an upgrade', () => {
  it('sum to its charge, which is rounded once', () => {
    fc.assert(
      fc.property(starts(), parts(), (start, part) => {
        const period = periodAfter({ start, end: start }, start, 'month');
        const before = aSubscription({ plan: PLANS.basic, period });
        const at = instantIn(before, part);
        const up = planChange(changeFacts({ subscription: before, target: PLANS.standard, at }));
        const credits = up.lines.filter(({ unitPrice }) => unitPrice.amountMinor < 0n);
        const charges = up.lines.filter(({ unitPrice }) => unitPrice.amountMinor > 0n);
        const total = (lines: typeof up.lines) => lines.reduce((sum, line) => sum + line.unitPrice.amountMinor, 0n);
        expect(money(total(charges) + total(credits), 'USD')).to.deep.equal(up.charge);
      }),
      { numRuns: 200 },
    );
  });
});
