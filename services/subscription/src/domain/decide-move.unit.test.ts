import { type Id, must } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, changeFacts, day, NEWER, PLANS } from '../../test/builders/change.ts';
import { aCoupon } from '../../test/builders/coupon.ts';
import { settled } from './begin-period.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { AS_IT_IS } from './change-wish.ts';
import { toRenewalCoupon } from './coupon.ts';
import { decideMove, movedBy, type MoveFacts, previewMove } from './decide-move.ts';
import { nextChargeAt, priceOfItems } from './subscription.ts';

const MOVE: Id<'mov'> = 'mov_01j8zq4m7e8b2c3d4f5g6h7k01';
const MOMENT = {
  reason: null,
  ids: { change: 'chg_01j8zq4m7e8b2c3d4f5g6h7k01', checkout: 'chk_01j8zq4m7e8b2c3d4f5g6h7k01' },
  now: day('2027-06-20'),
  version: 9,
} as const;

describe('moving one of many', () => {
  const june = { start: day('2027-06-01'), end: day('2027-07-01') };
  const onBasic = aSubscription({ plan: PLANS.basic, period: june });
  const facts = (change: Partial<ChangeFacts> = {}, pending = false): MoveFacts => ({
    pending,
    earlierMove: null,
    subscription: change.subscription ?? onBasic,
    change: changeFacts({
      subscription: onBasic,
      target: NEWER.basic,
      wish: { ...changeFacts().wish, newestVersion: true },
      byOperator: true,
      ...change,
    }),
  });

  it('previews the next charge with tax: 100 + 20 % → 120 + 20 %, and that is what is told once it is scheduled', () => {
    const row = previewMove(MOVE, facts());
    const { row: moved, change } = decideMove(row, facts({ at: MOMENT.now }), MOMENT);

    expect(row.effect).to.deep.equal({
      effectiveAt: june.end,
      priceAfter: money(12_000n, 'USD'),
      chargeBefore: money(12_000n, 'USD'),
      chargeAfter: money(14_400n, 'USD'),
      withTax: true,
    });
    expect(moved).to.include({ status: 'moved', changeId: MOMENT.ids.change });
    expect(change?.change).to.include({ kind: 'version_move', status: 'scheduled' });
    expect(change?.subscription?.renewalTotal).to.deep.equal(row.effect?.chargeAfter);
    expect(change?.subscription && nextChargeAt(change.subscription)).to.deep.equal(june.end);
  });

  const unmovable: readonly [string, MoveFacts, string][] = [
    [
      'one that ends',
      facts({ subscription: { ...onBasic, cancelAtPeriodEnd: true } }),
      'subscription.ends_with_period',
    ],
    ['one with another change', facts({}, true), 'subscription.change_pending'],
    ['a past due one', facts({ subscription: { ...onBasic, status: 'past_due' } }), 'subscription.illegal_transition'],
    [
      'one that Stripe renews',
      facts({ subscription: { ...onBasic, renewalOwner: 'stripe' } }),
      'subscription.managed_elsewhere',
    ],
    ['one that uses more', facts({ usage: new Map([['agents', 3]]) }), 'subscription.usage_exceeds_plan'],
    [
      'one whose interval is not sold',
      facts({ target: { ...NEWER.basic, prices: [] } }),
      'subscription.price_unavailable',
    ],
  ];
  for (const [name, given, code] of unmovable) {
    it(`tells why ${name} cannot be moved`, () => {
      const row = previewMove(MOVE, given);

      expect([row.status, row.refusal?.code, row.effect]).to.deep.equal(['not_moved', code, null]);
    });
  }

  const changed: readonly [string, MoveFacts, string][] = [
    [
      'it is another version of itself',
      facts({ subscription: { ...onBasic, version: 8 } }),
      'subscription.quote_stale',
    ],
    [
      'it would cost something else',
      facts({ target: { ...NEWER.basic, prices: PLANS.standard.prices } }),
      'subscription.quote_stale',
    ],
    ['more is in use', facts({ usage: new Map([['agents', 3]]) }), 'subscription.usage_exceeds_plan'],
    ['another change came first', facts({}, true), 'subscription.change_pending'],
  ];
  for (const [name, given, code] of changed) {
    it(`does not move what was previewed when by then ${name}`, () => {
      const decision = decideMove(previewMove(MOVE, facts()), given, MOMENT);

      expect(decision.change).to.equal(null);
      expect(decision.row).to.deep.include({ status: 'not_moved', changeId: null, settledAt: MOMENT.now });
      expect(decision.row.refusal?.code).to.equal(code);
      expect(decision.audit.map(({ action, result }) => [action, result])).to.deep.equal([
        ['subscription.move_refused', 'failed'],
      ]);
    });
  }

  describe('of the plan as an addition', () => {
    const onStandard = aSubscription({ plan: PLANS.standard, period: june });
    const items = [...onStandard.items, ...aSubscription({ plan: PLANS.basic, period: june, quantity: 2 }).items];
    const withTwoBasic = settled({ ...onStandard, items, price: priceOfItems(items, 'USD') });
    const added = (change: Partial<ChangeFacts> = {}): MoveFacts =>
      facts({
        subscription: withTwoBasic,
        target: PLANS.standard,
        additions: new Map([[NEWER.basic.planId, NEWER.basic]]),
        wish: { ...AS_IT_IS, newestAddition: NEWER.basic.planId },
        ...change,
      });

    it('previews the whole next charge, 200 + 2 × 100 → 200 + 2 × 120 and 20 % tax, and does that', () => {
      const row = previewMove(MOVE, added());
      const { row: moved, change } = decideMove(row, added({ at: MOMENT.now }), MOMENT);

      expect(row).to.deep.include({ role: 'addition', fromVersionId: PLANS.basic.planVersionId, status: 'planned' });
      expect(row.effect).to.deep.equal({
        effectiveAt: june.end,
        priceAfter: money(44_000n, 'USD'),
        chargeBefore: money(48_000n, 'USD'),
        chargeAfter: money(52_800n, 'USD'),
        withTax: true,
      });
      expect(moved.status).to.equal('moved');
      expect(change?.change).to.include({ kind: 'version_move', status: 'scheduled' });
      expect(change?.change.target).to.include({ planVersionId: PLANS.standard.planVersionId });
      expect(
        change?.change.target.items.map(({ planVersionId, quantity, unitPrice }) => [
          planVersionId,
          quantity,
          unitPrice.amountMinor,
        ]),
      ).to.deep.equal([
        [PLANS.standard.planVersionId, 1, 20_000n],
        [NEWER.basic.planVersionId, 2, 12_000n],
      ]);
      expect(change?.subscription.renewalTotal).to.deep.equal(row.effect?.chargeAfter);
    });

    it('carries a move of the plan along that waits already: 2 × 100 → 2 × 120, beside 200 → 210 as agreed', () => {
      const newest = {
        ...PLANS.standard,
        planVersionId: NEWER.free.planVersionId,
        prices: PLANS.standard.prices.map((price) => ({ ...price, amount: money(21_000n, 'USD') })),
      };
      const versions = new Map(changeFacts().versions).set(newest.planVersionId, newest);
      const ofPlan = added({ wish: { ...AS_IT_IS, newestVersion: true }, target: newest, versions });
      const first = must(decideMove(previewMove(MOVE, ofPlan), ofPlan, MOMENT).change, 'the move of the plan');
      const waiting = first.subscription;
      const both = (earlier: typeof first.change): MoveFacts => ({
        subscription: waiting,
        earlierMove: earlier,
        pending: false,
        change: { ...added({ target: newest, versions }).change, subscription: movedBy(earlier, waiting) },
      });

      const row = previewMove(MOVE, both(first.change));
      const { change } = decideMove(row, both(first.change), { ...MOMENT, version: 10 });

      // (210 + 200) and (210 + 240), with 20 % tax.
      expect(row).to.deep.include({ role: 'addition', status: 'planned', priceBefore: money(40_000n, 'USD') });
      expect(row.effect).to.deep.include({
        effectiveAt: june.end,
        priceAfter: money(45_000n, 'USD'),
        chargeBefore: money(49_200n, 'USD'),
        chargeAfter: money(54_000n, 'USD'),
      });
      expect(change?.replaced).to.include({ id: first.change.id, status: 'superseded' });
      expect(change?.change.target.items.map(({ planVersionId }) => planVersionId)).to.deep.equal([
        newest.planVersionId,
        NEWER.basic.planVersionId,
      ]);
      expect(change?.change.target.basedOn).to.include({ planVersionId: PLANS.standard.planVersionId });
      expect(change?.subscription.price).to.deep.equal(money(40_000n, 'USD'));
    });

    it('is not planned twice while it waits for its day', () => {
      const { change } = decideMove(previewMove(MOVE, added()), added(), MOMENT);
      const { change: earlierMove, subscription } = must(change, 'the move');
      const again: MoveFacts = {
        subscription,
        earlierMove,
        pending: false,
        change: { ...added().change, subscription: movedBy(earlierMove, subscription) },
      };

      const row = previewMove(MOVE, again);

      expect([row.status, row.refusal?.code]).to.deep.equal(['not_moved', 'subscription.change_pending']);
    });

    it('takes a coupon off the new price as off the old one: 25 % of 440 leave 330, and 20 % tax', () => {
      const coupon = aCoupon(withTwoBasic);
      const row = previewMove(
        MOVE,
        added({
          coupon,
          subscription: settled({ ...withTwoBasic, renewalCoupon: toRenewalCoupon(coupon) }),
        }),
      );

      expect([row.effect?.chargeBefore, row.effect?.chargeAfter]).to.deep.equal([
        money(36_000n, 'USD'),
        money(39_600n, 'USD'),
      ]);
    });

    const refused: readonly [string, MoveFacts, string, string][] = [
      [
        'is not sold for the interval',
        added({ additions: new Map([[NEWER.basic.planId, { ...NEWER.basic, prices: [] }]]) }),
        'subscription.price_unavailable',
        'Plan basic has no price',
      ],
      [
        'allows less than is in use: 10 + 2 × 2 of 15',
        added({ usage: new Map([['agents', 15]]) }),
        'subscription.usage_exceeds_plan',
        'Plan basic allows less',
      ],
      [
        'is not sold to this account any more',
        added({ additions: new Map([[NEWER.basic.planId, { ...NEWER.basic, status: 'retired' }]]) }),
        'subscription.plan_not_for_sale',
        'cannot be had here',
      ],
    ];
    for (const [name, given, code, says] of refused) {
      it(`tells why it stays where the newest version ${name}`, () => {
        const row = previewMove(MOVE, given);

        expect([row.status, row.role, row.refusal?.code]).to.deep.equal(['not_moved', 'addition', code]);
        expect(row.refusal?.message).to.include(says);
      });
    }
  });

  it('asks nobody to pay for the move of a trial, which charges nothing before or after', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-25') });
    const row = previewMove(MOVE, facts({ subscription: trial }));
    const decision = decideMove(row, facts({ subscription: trial, at: MOMENT.now }), MOMENT);

    expect(row.effect).to.deep.include({ chargeBefore: null, chargeAfter: null });
    expect(decision.change?.change).to.include({ status: 'applied' });
    expect(decision.change?.subscription).to.include({ status: 'trialing' });
  });
});
