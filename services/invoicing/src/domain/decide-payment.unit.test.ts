import { DomainError, makeNewId } from '@quittance/kernel';
import { isZero, money, type Money } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import { aDraft, aNumbering, cardCollect } from '../../test/builders/invoice.ts';
import { accountOf } from '../../test/builders/messages.ts';
import { decideFree } from './decide-at-once.ts';
import { decideCollection } from './decide-opening.ts';
import { decidePayment, type PaymentFacts } from './decide-payment.ts';
import { type Invoice } from './invoice.ts';
import { imbalance } from './journal.ts';

const newId = makeNewId(() => Date.parse('2026-03-02T09:00:00Z'));

const factsFor = (invoice: Invoice, amount: Money = invoice.totals.total): PaymentFacts => {
  const { order } = decideCollection(invoice, newId('ord'), cardCollect());
  return {
    captured: {
      id: newId('pay'),
      orderId: order.id,
      invoiceId: invoice.id,
      accountId: invoice.accountId,
      rail: 'card',
      provider: 'stripe',
      providerReference: 'pi_1',
      amount,
      method: null,
      capturedAt: new Date('2026-03-02T09:04:00Z'),
    },
    recorded: null,
    order,
    invoice,
    takenOver: [],
    numbering: aNumbering(),
    entryIds: { issue: newId('jen'), payment: newId('jen') },
  };
};

const postingsOf = (decision: ReturnType<typeof decidePayment>) =>
  decision.kind === 'nothing' ? [] : decision.journal.flatMap((entry) => entry.postings);

describe('decidePayment', () => {
  it('settles a draft with the full amount for its open order', () => {
    const decision = decidePayment(factsFor(aDraft()));

    expect(decision).to.deep.include({ kind: 'settle', orderWas: 'open' });
    expect(decision.kind === 'settle' ? decision.invoice : null).to.deep.include({
      status: 'paid',
      number: 'QT-2026-000001',
      issuedAt: new Date('2026-03-02T09:05:00Z'),
      version: 2,
    });
    expect(decision.kind === 'settle' ? decision.audit.map(({ action }) => action) : null).to.deep.equal([
      'invoice.issued',
      'invoice.paid',
    ]);
  });

  it('does nothing for money that was recorded before', () => {
    const facts = factsFor(aDraft());
    const first = decidePayment(facts);
    const recorded = first.kind === 'nothing' ? null : first.payment;

    expect(decidePayment({ ...facts, recorded })).to.deep.equal({ kind: 'nothing' });
  });

  const obstacles: readonly [string, (facts: PaymentFacts) => PaymentFacts, string][] = [
    [
      'a void invoice',
      (facts) => ({ ...facts, invoice: { ...facts.invoice, status: 'void' } }),
      'The invoice is void.',
    ],
    [
      'a paid invoice',
      (facts) => ({ ...facts, invoice: { ...facts.invoice, status: 'paid' } }),
      'The invoice is paid.',
    ],
    ['a closed order', (facts) => ({ ...facts, order: { ...facts.order, status: 'closed' } }), 'The order is closed.'],
    [
      'one minor unit too little',
      (facts) => ({ ...facts, captured: { ...facts.captured, amount: money(11879n, 'EUR') } }),
      '118.80 EUR was due, 118.79 EUR came.',
    ],
    [
      'another currency',
      (facts) => ({ ...facts, captured: { ...facts.captured, amount: money(11880n, 'USD') } }),
      '118.80 EUR was due, 118.80 USD came.',
    ],
  ];
  for (const [what, change, reason] of obstacles) {
    it(`puts the money on the balance for ${what}, and says nothing that could activate`, () => {
      const decision = decidePayment(change(factsFor(aDraft())));

      expect(decision).to.deep.include({ kind: 'to_balance', messages: [] });
      expect(decision.kind === 'to_balance' ? decision.audit[0]?.reason : null).to.equal(reason);
      expect(postingsOf(decision).map(({ side, ledger }) => `${side} ${ledger}`)).to.deep.equal([
        'debit clearing',
        'credit balance',
      ]);
    });
  }

  it('refuses a payment that names another account than its order', () => {
    const facts = factsFor(aDraft());
    const captured = { ...facts.captured, accountId: accountOf('acc-other') };

    expect(() => decidePayment({ ...facts, captured }))
      .to.throw(DomainError)
      .with.property('code', 'invoicing.payment_mismatch');
  });

  it('books what balances, whatever the price, the rate and the money that came', () => {
    const prices = fc.bigInt({ min: 1n, max: 10n ** 12n });
    const line = fc.record({
      price: prices,
      quantity: fc.integer({ min: 1, max: 1000 }),
      taxBehavior: fc.constantFrom('exclusive', 'inclusive'),
    });
    const lines = fc.array(line, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 0, max: 400_000 }), fc.option(prices), (wanted, ratePpm, other) => {
        const invoice = aDraft(
          {
            lines: wanted.map(({ price, quantity, taxBehavior }) => ({
              description: 'x',
              quantity,
              unitPrice: money(price, 'EUR'),
              taxBehavior,
              period: null,
            })),
          },
          ratePpm,
        );
        const came = other === null ? invoice.totals.total : money(other, 'EUR');
        const decision = decidePayment(factsFor(invoice, came));
        for (const entry of decision.kind === 'nothing' ? [] : decision.journal) {
          expect([...imbalance(entry.postings).values()].every(isZero)).to.equal(true);
          expect(entry.postings.every(({ amount }) => amount.amountMinor > 0n)).to.equal(true);
        }
      }),
    );
  });
});

describe('decideFree', () => {
  it('issues and settles a draft of nothing in one step', () => {
    const draft = aDraft({
      lines: [
        { description: 'Free', quantity: 1, unitPrice: money(0n, 'EUR'), taxBehavior: 'exclusive', period: null },
      ],
    });

    const { invoice, messages, audit } = decideFree(draft, aNumbering(7n));

    expect(invoice).to.deep.include({ status: 'paid', number: 'QT-2026-000007' });
    expect(messages.map(({ type }) => type)).to.deep.equal(['invoice_paid']);
    expect(audit.map(({ action }) => action)).to.deep.equal(['invoice.drafted', 'invoice.issued', 'invoice.paid']);
  });
});
