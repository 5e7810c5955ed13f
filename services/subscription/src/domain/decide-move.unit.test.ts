import { type Id } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { aSubscription, changeFacts, day, NEWER, PLANS } from '../../test/builders/change.ts';
import { type ChangeFacts } from './change-outcomes.ts';
import { decideMove, type MoveFacts, previewMove } from './decide-move.ts';
import { nextChargeAt } from './subscription.ts';

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
    const { row: settled, change } = decideMove(row, facts({ at: MOMENT.now }), MOMENT);

    expect(row.effect).to.deep.equal({
      effectiveAt: june.end,
      priceAfter: money(12_000n, 'USD'),
      chargeBefore: money(12_000n, 'USD'),
      chargeAfter: money(14_400n, 'USD'),
      withTax: true,
    });
    expect(settled).to.include({ status: 'moved', changeId: MOMENT.ids.change });
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

  it('asks nobody to pay for the move of a trial, which charges nothing before or after', () => {
    const trial = aSubscription({ plan: PLANS.basic, period: null, trialEnd: day('2027-06-25') });
    const row = previewMove(MOVE, facts({ subscription: trial }));
    const decision = decideMove(row, facts({ subscription: trial, at: MOMENT.now }), MOMENT);

    expect(row.effect).to.deep.include({ chargeBefore: null, chargeAfter: null });
    expect(decision.change?.change).to.include({ status: 'applied' });
    expect(decision.change?.subscription).to.include({ status: 'trialing' });
  });
});
