import { makeNewId } from '@quittance/kernel';
import { type Currency, isZero, type Money, money } from '@quittance/money';
import { expect } from 'chai';

import { aDraft, aNumbering } from '../../test/builders/invoice.ts';
import { joinCarried, tooLittle } from './carry.ts';
import { decideCarrying } from './decide-at-once.ts';
import { decideIssuing } from './decide-issuing.ts';
import { decideCancellation } from './decide-voiding.ts';
import { type Invoice } from './invoice.ts';
import { type JournalEntry } from './journal.ts';

const newId = makeNewId(() => Date.parse('2026-03-02T09:00:00Z'));
const entryIds = () => ({ issue: newId('jen'), carry: newId('jen') });
const MINIMUM = money(50n, 'EUR');

/** A draft of one line, tax included at 20 %. */
const draftOf = (minor: bigint, currency: Currency = 'EUR'): Invoice =>
  aDraft({
    currency,
    lines: [
      {
        description: 'Pro, monthly',
        quantity: 1,
        unitPrice: money(minor, currency),
        taxBehavior: 'inclusive',
        period: null,
      },
    ],
  });

const carriedOf = (minor: bigint, next: bigint): Invoice =>
  decideCarrying({
    draft: draftOf(minor),
    numbering: aNumbering(next),
    entryIds: entryIds(),
    minimum: MINIMUM,
  }).invoice;

const booked = (entries: readonly JournalEntry[]) =>
  entries.flatMap(({ postings }) =>
    postings.map(({ ledger, side, amount }) => `${side} ${ledger} ${amount.amountMinor}`),
  );

describe('tooLittle', () => {
  // The minimum of a zero-decimal currency is in whole units: 350 XOF, not 3.50.
  const cases: readonly [string, Money, Money | null, boolean][] = [
    ['nothing is not too little: it is paid', money(0n, 'EUR'), MINIMUM, false],
    ['one minor unit', money(1n, 'EUR'), MINIMUM, true],
    ['one below the minimum', money(49n, 'EUR'), MINIMUM, true],
    ['the minimum', money(50n, 'EUR'), MINIMUM, false],
    ['one above it', money(51n, 'EUR'), MINIMUM, false],
    ['no minimum is known', money(1n, 'EUR'), null, false],
    ['zero-decimal: one below', money(349n, 'XOF'), money(350n, 'XOF'), true],
    ['zero-decimal: the minimum', money(350n, 'XOF'), money(350n, 'XOF'), false],
  ];
  for (const [name, total, minimum, expected] of cases) {
    it(`${name}: ${total.amountMinor} ${total.currency} → ${expected}`, () => {
      expect(tooLittle(total, minimum)).to.equal(expected);
    });
  }
});

describe('joinCarried', () => {
  const facts = (carried: readonly Invoice[], language = 'en') => ({ carried, minimum: MINIMUM, language });
  const cases: readonly [string, bigint, readonly bigint[], bigint, number][] = [
    // draft + carried = total, and how many it takes over
    ['nothing is carried', 1000n, [], 1000n, 0],
    ['10.00 + 0.20 = 10.20', 1000n, [20n], 1020n, 1],
    ['several add up: 0.10 + 0.20 + 0.20 = 0.50, the minimum', 10n, [20n, 20n], 50n, 2],
    ['one below: 0.09 + 0.20 + 0.20 = 0.49 stays 0.09 and takes nothing', 9n, [20n, 20n], 9n, 0],
    ['a carried amount alone asks nobody: 0 + 0.49 stays 0', 0n, [49n], 0n, 0],
    ['until it reaches the minimum: 0 + 0.49 + 0.01 = 0.50', 0n, [49n, 1n], 50n, 2],
  ];
  for (const [name, minor, carried, total, taken] of cases) {
    it(name, () => {
      const joined = joinCarried(
        draftOf(minor),
        facts(carried.map((each, index) => carriedOf(each, BigInt(index + 1)))),
      );

      expect(joined.invoice.totals.total).to.deep.equal(money(total, 'EUR'));
      expect(joined.takesOver).to.have.length(taken);
      const { subtotal, tax } = joined.invoice.totals;
      expect(subtotal.amountMinor + tax.amountMinor).to.equal(total);
    });
  }

  it('names the invoice, in the language of this one, and taxes nothing twice', () => {
    const carried = carriedOf(20n, 7n);

    const lineIn = (language: string) => joinCarried(draftOf(1000n), facts([carried], language)).invoice.lines[1];

    expect(lineIn('en')).to.deep.include({
      description: 'Carried over from invoice QT-2026-000007',
      net: money(20n, 'EUR'),
      tax: money(0n, 'EUR'),
      gross: money(20n, 'EUR'),
      taxRatePpm: 0,
      taxReason: 'Taxed on invoice QT-2026-000007.',
      carriedFrom: carried.id,
    });
    expect(lineIn('fr-CH')).to.include({
      description: 'Report de la facture QT-2026-000007',
      taxReason: 'Taxé sur la facture QT-2026-000007.',
    });
    expect(lineIn('ar')?.description).to.equal('مُرحَّل من الفاتورة QT-2026-000007');
    expect(lineIn('xx')?.description).to.equal('Carried over from invoice QT-2026-000007');
  });
});

describe('an invoice of too little', () => {
  it('is issued and carried: owed and taxed, and asked of nobody', () => {
    const { invoice, order, journal, messages, audit } = decideIssuing({
      draft: draftOf(20n),
      numbering: aNumbering(3n),
      orderId: newId('ord'),
      entryIds: entryIds(),
      minimum: MINIMUM,
    });

    expect(invoice).to.deep.include({ status: 'carried', number: 'QT-2026-000003', paidAt: null, carriedTo: null });
    expect(invoice.issuedAt).to.deep.equal(invoice.carriedAt);
    expect(order).to.equal(null);
    expect(messages.map(({ type }) => type)).to.deep.equal(['invoice_carried']);
    expect(audit.map(({ action }) => action)).to.deep.equal(['invoice.drafted', 'invoice.issued', 'invoice.carried']);
    expect(audit.at(-1)?.reason).to.equal('0.20 EUR is less than the 0.50 EUR that its rail collects at least.');
    // 0.20 with 20 % in it: 0.20 ÷ 1.2 = 0.1666 → 0.17 and 0.03
    expect(booked(journal)).to.deep.equal([
      'debit receivable 20',
      'credit revenue 17',
      'credit tax 3',
      'debit carried 20',
      'credit receivable 20',
    ]);
  });

  it('is taken out of what is carried when a later invoice is issued with it', () => {
    const { invoice } = joinCarried(draftOf(1200n), {
      carried: [carriedOf(20n, 1n)],
      minimum: MINIMUM,
      language: 'en',
    });

    const { journal, order } = decideIssuing({
      draft: invoice,
      numbering: aNumbering(2n),
      orderId: newId('ord'),
      entryIds: entryIds(),
      minimum: MINIMUM,
    });

    expect(order?.amount).to.deep.equal(money(1220n, 'EUR'));
    // 12.00 with 20 % in it is 10.00 and 2.00; the 0.20 was earned and taxed before.
    expect(booked(journal)).to.deep.equal([
      'debit receivable 1220',
      'credit revenue 1000',
      'credit tax 200',
      'credit carried 20',
    ]);
  });

  it('is released when the draft that took it over is given up', () => {
    const carried = { ...carriedOf(20n, 1n), version: 5 };
    const { invoice } = joinCarried(draftOf(1200n), { carried: [carried], minimum: MINIMUM, language: 'en' });
    const taken = { ...carried, carriedTo: invoice.id };

    const decision = decideCancellation({ order: null, invoice, takenOver: [{ invoice: taken, version: 6 }] }, 'x', {
      now: new Date('2026-03-02T10:00:00Z'),
      version: 2,
      entryId: newId('jen'),
    });

    expect(decision.kind === 'void' ? decision.released : null).to.deep.equal([
      { to: { ...carried, carriedTo: null, version: 6 }, fromVersion: 5 },
    ]);
  });

  it('of nothing is paid as before', () => {
    const { invoice, journal } = decideIssuing({
      draft: draftOf(0n),
      numbering: aNumbering(),
      orderId: newId('ord'),
      entryIds: entryIds(),
      minimum: MINIMUM,
    });

    expect(invoice.status).to.equal('paid');
    expect(isZero(invoice.totals.total)).to.equal(true);
    expect(journal).to.deep.equal([]);
  });
});
