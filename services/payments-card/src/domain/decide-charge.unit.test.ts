import { expect } from 'chai';

import { ACCOUNT, idOf, NOW, PRICE } from '../../test/builders/order.ts';
import { chargeKeyOf, decideCharge, decideNoMethod, newCharge } from './decide-charge.ts';
import { type Decision } from './decision.ts';
import { type Attempt, type Order } from './order.ts';
import { type ChargeReading } from './reading.ts';

const KEY = chargeKeyOf(idOf('inv'), 1);
const LATER = new Date('2026-03-02T09:01:00.000Z');

const aCharge = (overrides: Partial<Order> = {}): Order => ({
  ...newCharge(
    {
      id: idOf('ord'),
      accountId: ACCOUNT,
      invoiceId: idOf('inv'),
      checkoutId: null,
      correlationId: 'renewal',
      provider: 'stripe',
      amount: PRICE,
      createdAt: NOW,
    },
    { key: KEY, attempt: 1 },
    { request: {}, now: NOW },
  ),
  ...overrides,
});

const aReading = (overrides: Partial<ChargeReading> = {}): ChargeReading => ({
  orderId: idOf('ord'),
  reference: 'pi_1',
  money: 'paid',
  amount: { units: 2400n, currency: 'EUR' },
  payment: {
    reference: 'pi_1',
    attemptReference: 'ch_1',
    amount: { units: 2400n, currency: 'EUR' },
    capturedAt: LATER,
    method: { kind: 'card', brand: 'visa', last4: '4242' },
    reusable: null,
  },
  decline: null,
  ...overrides,
});

const DECLINE: Attempt = { reference: 'ch_2', outcome: 'declined', reason: 'insufficient_funds', at: LATER };
const declined = aReading({ money: 'never_came', payment: null, decline: DECLINE });

const decide = (order: Order, reading: ChargeReading): Decision =>
  decideCharge(order, {
    reading,
    expected: { units: 2400n, currency: 'EUR' },
    now: LATER,
    providerNow: LATER,
    paymentId: idOf('pay'),
    storedMethodId: idOf('spm'),
  });

const toldBy = ({ messages }: Decision) => messages.map(({ type }) => type);

describe('decideCharge', () => {
  it('completes with the very amount, once', () => {
    const done = decide(aCharge(), aReading());

    expect(done.order).to.deep.include({ state: 'completed', dueAt: null, unknownSince: null });
    expect(done.order.charge).to.deep.equal({ key: KEY, attempt: 1, reference: 'pi_1' });
    expect(toldBy(done)).to.deep.equal(['payment.completed']);
    expect(toldBy(decide(done.order, aReading()))).to.deep.equal([]);
  });

  it('ends with a decline, told once', () => {
    const failed = decide(aCharge(), declined);

    expect(failed.order).to.deep.include({ state: 'failed', dueAt: null });
    expect(failed.attempts).to.deep.equal([DECLINE]);
    expect(toldBy(failed)).to.deep.equal(['payment.failed']);
    expect(toldBy(decide(failed.order, declined))).to.deep.equal([]);
  });

  it('reports money that comes after a decline: it is never lost', () => {
    const failed = decide(aCharge(), declined);

    expect(toldBy(decide(failed.order, aReading()))).to.deep.equal(['payment.completed']);
  });

  it('asks again for money that is on its way, ever more rarely', () => {
    const waiting = decide(aCharge(), aReading({ money: 'on_its_way', payment: null }));
    const again = decide(waiting.order, aReading({ money: 'on_its_way', payment: null }));

    expect(waiting.order).to.deep.include({
      state: 'confirming',
      tries: 1,
      dueAt: new Date('2026-03-02T09:01:01.000Z'),
    });
    expect(again.order).to.deep.include({ state: 'confirming', tries: 2, dueAt: new Date('2026-03-02T09:01:02.000Z') });
    expect(waiting.audit.map(({ action }) => action)).to.deep.equal(['payment.confirming']);
    expect(again.audit).to.deep.equal([]);
  });

  const MISFITS: readonly (readonly [string, ChargeReading])[] = [
    ['another order', aReading({ orderId: idOf('ord', '1') })],
    ['another total', aReading({ amount: { units: 2399n, currency: 'EUR' } })],
    ['another currency', aReading({ amount: { units: 2400n, currency: 'USD' } })],
    ['no payment', aReading({ payment: null })],
  ];
  for (const [what, reading] of MISFITS) {
    it(`parks what was paid with ${what}, and tells nobody that it was paid`, () => {
      const parked = decide(aCharge(), reading);

      expect(parked.order).to.deep.include({ state: 'charging', dueAt: null });
      expect(parked.order.parked?.code).to.equal('payments_card.amount_mismatch');
      expect(toldBy(parked)).to.deep.equal([]);
    });
  }

  it('has failed before it began when nothing is stored', () => {
    const failed = decideNoMethod(aCharge(), NOW);

    expect(failed.order).to.deep.include({ state: 'failed', dueAt: null });
    expect(failed.attempts).to.deep.equal([
      { reference: KEY, outcome: 'declined', reason: 'no_payment_method', at: NOW },
    ]);
    expect(toldBy(failed)).to.deep.equal(['payment.failed']);
  });
});
