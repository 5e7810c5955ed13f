import { makeNewId } from '@quittance/kernel';
import { isZero, money } from '@quittance/money';
import { expect } from 'chai';
import fc from 'fast-check';

import { aDraft, aNumbering } from '../../test/builders/invoice.ts';
import { joinCarried } from './carry.ts';
import { decideIssuing } from './decide-issuing.ts';
import { decidePayment } from './decide-payment.ts';
import { type Invoice } from './invoice.ts';
import { imbalance, type JournalEntry, type Ledger, type Posting } from './journal.ts';

const newId = makeNewId(() => Date.parse('2026-03-02T09:00:00Z'));
const MINIMUM = money(50n, 'EUR');

interface Step {
  readonly minor: bigint;
  readonly inclusive: boolean;
  readonly paid: boolean;
}

interface Books {
  readonly journal: readonly JournalEntry[];
  readonly invoices: readonly Invoice[];
}

/** One account's invoices, one after the other: each takes over what waits, if together it is enough to collect. */
const live = (steps: readonly Step[]): Books =>
  steps.reduce<Books>(
    ({ journal, invoices }, { minor, inclusive, paid }, index) => {
      const carried = invoices.filter(({ status, carriedTo }) => status === 'carried' && carriedTo === null);
      const unitPrice = money(minor, 'EUR');
      const taxBehavior = inclusive ? ('inclusive' as const) : ('exclusive' as const);
      const draft = aDraft({ lines: [{ description: 'x', quantity: 1, unitPrice, taxBehavior, period: null }] });
      const joined = joinCarried(draft, { carried, minimum: MINIMUM, language: 'en' });
      const entryIds = { issue: newId('jen'), carry: newId('jen') };
      const numbering = aNumbering(BigInt(index + 1));
      const issuing = { draft: joined.invoice, numbering, orderId: newId('ord'), entryIds, minimum: MINIMUM };
      const { invoice, order, journal: issued } = decideIssuing(issuing);
      const taken = joined.takesOver.map((one) => ({ ...one, carriedTo: invoice.id }));
      const after = replaced(invoices, taken);
      if (order === null || !paid) return { journal: [...journal, ...issued], invoices: [...after, invoice] };
      const payment = decidePayment({
        captured: {
          id: newId('pay'),
          orderId: order.id,
          invoiceId: invoice.id,
          accountId: invoice.accountId,
          rail: 'card',
          provider: 'stripe',
          providerReference: `pi_${index}`,
          amount: order.amount,
          method: null,
          capturedAt: numbering.now,
        },
        recorded: null,
        order,
        invoice,
        takenOver: taken.map((one) => ({ invoice: one, version: one.version + 1 })),
        numbering,
        entryIds: { issue: newId('jen'), payment: newId('jen') },
      });
      if (payment.kind !== 'settle') throw new Error(`a full payment was ${payment.kind}`);
      const settled = payment.alsoPaid.map(({ to }) => to);
      return {
        journal: [...journal, ...issued, ...payment.journal],
        invoices: [...replaced(after, settled), payment.invoice],
      };
    },
    { journal: [], invoices: [] },
  );

const replaced = (invoices: readonly Invoice[], changed: readonly Invoice[]): readonly Invoice[] =>
  invoices.map((one) => changed.find(({ id }) => id === one.id) ?? one);

const sumOf = (amounts: readonly { readonly amountMinor: bigint }[]): bigint =>
  amounts.reduce((total, { amountMinor }) => total + amountMinor, 0n);

const totalsOf = (invoices: readonly Invoice[]): bigint => sumOf(invoices.map(({ totals }) => totals.total));

const steps = fc.array(
  fc.record({
    minor: fc.oneof(fc.bigInt({ min: 0n, max: 70n }), fc.bigInt({ min: 0n, max: 20_000n })),
    inclusive: fc.boolean(),
    paid: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

describe('carried amounts, whatever an account is billed', () => {
  const side = (postings: readonly Posting[], ledger: Ledger, which: Posting['side']): bigint =>
    sumOf(postings.filter((one) => one.ledger === ledger && one.side === which).map(({ amount }) => amount));

  it('balance the journal: carried out = carried in + outstanding, and nothing is owed for what is paid', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { journal, invoices } = live(taken);

        const postings = journal.flatMap((entry) => entry.postings);
        for (const entry of journal) {
          expect([...imbalance(entry.postings).values()].every(isZero)).to.equal(true);
        }
        const waiting = invoices.filter(({ status, carriedTo }) => status === 'carried' && carriedTo === null);
        expect(side(postings, 'carried', 'debit')).to.equal(side(postings, 'carried', 'credit') + totalsOf(waiting));
        const open = invoices.filter(({ status }) => status === 'issued');
        expect(side(postings, 'receivable', 'debit') - side(postings, 'receivable', 'credit')).to.equal(totalsOf(open));
      }),
    );
  });

  it('are earned and taxed once, and paid exactly when the invoice that took them is', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { journal, invoices } = live(taken);

        const postings = journal.flatMap((entry) => entry.postings);
        const own = invoices.flatMap(({ lines }) => lines.filter(({ carriedFrom }) => carriedFrom === null));
        expect(side(postings, 'revenue', 'credit')).to.equal(sumOf(own.map(({ net }) => net)));
        expect(side(postings, 'tax', 'credit')).to.equal(sumOf(own.map(({ tax }) => tax)));
        for (const one of invoices.filter(({ carriedTo }) => carriedTo !== null)) {
          const by = invoices.find(({ id }) => id === one.carriedTo);
          expect(one.status).to.equal(by?.status === 'paid' ? 'paid' : 'carried');
        }
        const outstanding = invoices.filter(({ status, carriedTo }) => status === 'carried' && carriedTo === null);
        expect(outstanding.every(({ totals }) => totals.total.amountMinor < MINIMUM.amountMinor)).to.equal(true);
      }),
    );
  });
});
