import { expect } from 'chai';

import { anOpenOrder, aPaidReading, aReading, idOf, NOW, PRICE, WHEN } from '../../test/builders/order.ts';
import { decideReading, type ReadingFacts } from './decide-reading.ts';
import { type Decision } from './decision.ts';
import { type Attempt } from './order.ts';
import { decideMoneyWentBack } from './park-order.ts';
import { type Reading } from './reading.ts';

const facts = (reading: Reading, declines: readonly Attempt[] = []): ReadingFacts => ({
  ...WHEN,
  reading,
  declines,
  expected: { units: PRICE.amountMinor, currency: PRICE.currency },
  paymentId: idOf('pay'),
  storedMethodId: idOf('spm'),
});

const said = ({ messages, audit }: Decision) => ({
  messages: messages.map(({ type }) => type),
  audit: audit.map(({ action }) => action),
});

const DECLINE: Attempt = { reference: 'ch_declined', outcome: 'declined', reason: 'card_declined', at: NOW };

describe('decideReading', () => {
  context('when the provider says paid', () => {
    it('completes once, with payment, attempt and the card for renewals', () => {
      const decided = decideReading(anOpenOrder(), facts(aPaidReading()));

      expect(said(decided)).to.deep.equal({ messages: ['payment.completed'], audit: ['payment.completed'] });
      expect(decided.order.state).to.equal('completed');
      expect(decided.order.dueAt).to.equal(null);
      expect(decided.order.payment).to.include({ id: idOf('pay'), providerReference: 'pi_1' });
      expect(decided.attempts).to.deep.equal([
        { reference: 'ch_1', outcome: 'succeeded', reason: null, at: new Date('2026-03-02T09:01:00.000Z') },
      ]);
      expect(decided.storedMethod).to.include({ customerReference: 'cus_1', methodReference: 'pm_1', last4: '4242' });
    });

    it('says nothing when it is completed already', () => {
      const completed = decideReading(anOpenOrder(), facts(aPaidReading())).order;

      const again = decideReading(completed, facts(aPaidReading()));

      expect(said(again)).to.deep.equal({ messages: [], audit: [] });
      expect(again.attempts).to.deep.equal([]);
      expect(again.storedMethod).to.equal(null);
    });

    for (const state of ['closing', 'confirming', 'expired'] as const) {
      it(`completes an order that is ${state}: money is never lost`, () => {
        const decided = decideReading(anOpenOrder({ state }), facts(aPaidReading()));

        expect(said(decided).messages).to.deep.equal(['payment.completed']);
      });
    }

    it('believes payment_status beside an expired session', () => {
      expect(decideReading(anOpenOrder(), facts(aPaidReading({ status: 'expired' }))).order.state).to.equal(
        'completed',
      );
    });

    it('keeps no card that may not be charged again', () => {
      const payment = aPaidReading().payment;
      const once = aPaidReading({ payment: payment && { ...payment, reusable: null } });

      expect(decideReading(anOpenOrder(), facts(once)).storedMethod).to.equal(null);
    });
  });

  context('when what was paid is not what was asked', () => {
    const payment = aPaidReading().payment;
    const other = (units: bigint, currency: string) => payment && { ...payment, amount: { units, currency } };
    const CASES: readonly (readonly [string, Reading])[] = [
      ['one minor unit less', aPaidReading({ amount: { units: 2399n, currency: 'EUR' } })],
      ['another currency', aPaidReading({ amount: { units: 2400n, currency: 'USD' } })],
      ['no amount', aPaidReading({ amount: null })],
      ['another captured amount', aPaidReading({ payment: other(2399n, 'EUR') })],
      ['another captured currency', aPaidReading({ payment: other(2400n, 'USD') })],
      ['nothing captured', aPaidReading({ payment: null })],
      ['the session of another order', aPaidReading({ orderId: idOf('ord', '1') })],
      ['a session of nobody', aPaidReading({ orderId: null })],
    ];
    for (const [name, reading] of CASES) {
      it(`${name}: parks it for a person and completes nothing`, () => {
        const decided = decideReading(anOpenOrder(), facts(reading));

        expect(said(decided)).to.deep.equal({ messages: [], audit: ['order.parked'] });
        expect(decided.order).to.include({ state: 'open', payment: null, dueAt: null });
        expect(decided.order.parked?.code).to.equal('payments_card.amount_mismatch');
      });
    }

    it('parks once', () => {
      const wrong = facts(aPaidReading({ amount: null }));
      const parked = decideReading(anOpenOrder(), wrong).order;

      expect(said(decideReading(parked, wrong))).to.deep.equal({ messages: [], audit: [] });
    });
  });

  it('leaves an unpaid order open and reads it again after a sweep', () => {
    const decided = decideReading(anOpenOrder({ unknownSince: NOW, tries: 3 }), facts(aReading()));

    expect(said(decided)).to.deep.equal({ messages: [], audit: [] });
    expect(decided.order).to.include({ state: 'open', unknownSince: null, tries: 0 });
    expect(decided.order.dueAt).to.deep.equal(new Date(NOW.getTime() + 60_000));
  });

  it('expires with the session', () => {
    const decided = decideReading(anOpenOrder(), facts(aReading({ status: 'expired' })));

    expect(said(decided)).to.deep.equal({ messages: ['order.expired'], audit: ['order.expired'] });
    expect(said(decideReading(decided.order, facts(aReading({ status: 'expired' })))).messages).to.deep.equal([]);
  });

  it('waits for money on its way, and gives up when it never came', () => {
    const waiting = decideReading(anOpenOrder(), facts(aReading({ status: 'complete', money: 'on_its_way' })));
    const gone = decideReading(waiting.order, facts(aReading({ status: 'complete', money: 'never_came' })));

    expect(said(waiting)).to.deep.equal({ messages: [], audit: ['payment.confirming'] });
    expect(said(gone)).to.deep.equal({ messages: ['order.expired'], audit: ['order.expired'] });
  });

  context('when an attempt was declined', () => {
    it('records and tells it once, however often it is reported', () => {
      const told = facts(aReading({ decline: DECLINE }), [DECLINE]);
      const first = decideReading(anOpenOrder(), told);
      const second = decideReading(first.order, told);

      expect(said(first)).to.deep.equal({ messages: ['payment.failed'], audit: ['payment.declined'] });
      expect(first.attempts).to.deep.equal([DECLINE]);
      expect(first.order.state).to.equal('open');
      expect(said(second)).to.deep.equal({ messages: [], audit: [] });
    });

    it('ends the same whether the decline is heard of before or after the success', () => {
      const before = decideReading(
        decideReading(anOpenOrder(), facts(aReading(), [DECLINE])).order,
        facts(aPaidReading()),
      );
      const after = decideReading(
        decideReading(anOpenOrder(), facts(aPaidReading())).order,
        facts(aPaidReading(), [DECLINE]),
      );

      expect(after.order.state).to.equal(before.order.state);
      expect(after.order.attempts).to.have.deep.members([...before.order.attempts]);
      // The customer has paid: "it was declined" is history and told to nobody.
      expect(said(after)).to.deep.equal({ messages: [], audit: ['payment.declined'] });
    });
  });
});

describe('decideMoneyWentBack', () => {
  it('shows a refund made at the provider to a person, and reading the order does not hide it', () => {
    const completed = decideReading(anOpenOrder(), facts(aPaidReading())).order;

    const parked = decideMoneyWentBack(completed, 'charge.refunded (evt_1)', NOW);
    const readAgain = decideReading(parked.order, facts(aPaidReading()));

    expect(said(parked)).to.deep.equal({ messages: [], audit: ['order.parked'] });
    expect(readAgain.order.parked?.code).to.equal('payments_card.money_went_back');
  });
});
