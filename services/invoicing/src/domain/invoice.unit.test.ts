import { DomainError } from '@quittance/kernel';
import { money } from '@quittance/money';
import { expect } from 'chai';

import { aDraft, aRequest, cardCollect } from '../../test/builders/invoice.ts';
import { accountOf } from '../../test/builders/messages.ts';
import { collectableNow, wasOpenedBefore } from './decide-opening.ts';
import { decideCancellation } from './decide-voiding.ts';
import { INVOICE_STATUSES, type InvoiceTrigger, nextInvoiceStatus } from './invoice-status.ts';
import { invoiceNumber, yearOfIssue } from './number-series.ts';
import { priceLines, totalsOf } from './price-lines.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
  return 'nothing was thrown';
};

describe('nextInvoiceStatus', () => {
  const legal = [
    'draft issue issued',
    'draft void void',
    'issued carry carried',
    'issued settle paid',
    'issued void void',
    'carried settle paid',
  ];
  const triggers: readonly InvoiceTrigger[] = ['issue', 'carry', 'settle', 'void'];
  for (const from of INVOICE_STATUSES) {
    for (const trigger of triggers) {
      const found = legal.find((row) => row.startsWith(`${from} ${trigger} `));
      it(`${from} × ${trigger} is ${found?.split(' ')[2] ?? 'illegal'}`, () => {
        if (found) expect(nextInvoiceStatus(from, trigger)).to.equal(found.split(' ')[2]);
        else expect(codeOf(() => nextInvoiceStatus(from, trigger))).to.equal('invoicing.illegal_transition');
      });
    }
  }
});

describe('invoice numbers', () => {
  it('have six digits, and more when a year needs them', () => {
    expect(invoiceNumber('QT', { sellerId: 'demo', year: 2026, next: 1n })).to.equal('QT-2026-000001');
    expect(invoiceNumber('QT', { sellerId: 'demo', year: 2026, next: 1_000_000n })).to.equal('QT-2026-1000000');
  });

  it('belong to the year on the seller’s calendar', () => {
    const newYearInParis = new Date('2026-12-31T23:00:00Z');

    expect(yearOfIssue(newYearInParis, 'Europe/Paris')).to.equal(2027);
    expect(yearOfIssue(new Date(newYearInParis.getTime() - 1), 'Europe/Paris')).to.equal(2026);
    expect(yearOfIssue(newYearInParis, 'America/New_York')).to.equal(2026);
  });
});

describe('priceLines', () => {
  const line = (units: bigint, quantity: number, taxBehavior: 'exclusive' | 'inclusive') => ({
    description: 'x',
    quantity,
    unitPrice: money(units, 'EUR'),
    taxBehavior,
    period: null,
  });
  const tax = { ratePpm: 200_000, reason: 'test' };

  it('rounds per line, so that the lines sum to the total', () => {
    // 3 × 3.33 = 9.99 + 20 % (1.998 → 2.00) = 11.99; 0.99 inclusive = 0.825 → 0.83 + 0.16
    const lines = priceLines([line(333n, 3, 'exclusive'), line(99n, 1, 'inclusive')], 'EUR', tax);
    const totals = totalsOf(lines, 'EUR');

    expect(lines.map(({ net, tax: part, gross }) => [net, part, gross].map((one) => one.amountMinor))).to.deep.equal([
      [999n, 200n, 1199n],
      [83n, 16n, 99n],
    ]);
    expect([totals.subtotal, totals.tax, totals.total].map((one) => one.amountMinor)).to.deep.equal([
      1082n,
      216n,
      1298n,
    ]);
  });

  it('lets a credit line lower the total, but not below nothing', () => {
    const charge = line(1000n, 1, 'exclusive');

    const nothing = priceLines([charge, line(-1000n, 1, 'exclusive')], 'EUR', tax);
    expect(totalsOf(nothing, 'EUR').total).to.deep.equal(money(0n, 'EUR'));
    expect(codeOf(() => priceLines([charge, line(-1001n, 1, 'exclusive')], 'EUR', tax))).to.equal(
      'invoicing.negative_total',
    );
  });

  it('refuses a line in another currency', () => {
    expect(codeOf(() => priceLines([line(1n, 1, 'exclusive')], 'USD', tax))).to.equal('invoicing.currency_mismatch');
  });
});

describe('opening', () => {
  it('is refused where nothing could collect', () => {
    expect(codeOf(() => collectableNow({ ...cardCollect(), rail: 'crypto' }))).to.equal('invoicing.rail_unavailable');
  });

  it('happens once per purpose and checkout, and again only after a void one', () => {
    const request = aRequest();
    const mine = aDraft({ checkoutId: request.checkoutId });
    const other = aDraft({ accountId: accountOf('acc-1') });
    const voided = { ...aDraft(), status: 'void' as const, checkoutId: null };

    expect(wasOpenedBefore([], request)).to.equal(false);
    expect(wasOpenedBefore([mine], request)).to.equal(true);
    expect(wasOpenedBefore([{ ...mine, status: 'void' }], request)).to.equal(true);
    expect(wasOpenedBefore([voided], request)).to.equal(false);
    expect(codeOf(() => wasOpenedBefore([{ ...other, checkoutId: null }], request))).to.equal(
      'invoicing.already_invoiced',
    );
  });
});

describe('decideCancellation', () => {
  const moment = {
    now: new Date('2026-03-02T10:00:00Z'),
    version: 2,
    entryId: 'jen_01j8zq4m7e8b2c3d4f5g6h7k01',
  } as const;

  const nobodys = { order: null, takenOver: [] };

  it('does nothing to what is settled or void already, and refuses what is issued', () => {
    for (const status of ['carried', 'paid', 'void'] as const) {
      const decision = decideCancellation({ ...nobodys, invoice: { ...aDraft(), status } }, 'x', moment);
      expect(decision.kind, status).to.equal('nothing');
    }
    expect(
      codeOf(() => decideCancellation({ ...nobodys, invoice: { ...aDraft(), status: 'issued' } }, 'x', moment)),
    ).to.equal('invoicing.issued_not_cancellable');
  });
});
