import { expect } from 'chai';

import { accountOf, aPayment, anOpenInvoice, definitions, envelopeOf } from '../builders/messages.ts';
import { type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

describe('invoicing: from open-invoice to invoice.paid', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
  });
  after(() => invoicing.stop());

  it('drafts with tax and opens an order, then numbers, issues, books and settles in one commit', async () => {
    const { request, order } = await invoicing.openInvoice({ accountId: accountOf('acc-happy') });

    const [drafted, openOrder] = [
      ...(await invoicing.sent(order.invoiceId)),
      ...(await invoicing.sent(order.orderId)),
    ].filter(({ type }) => type !== 'audit.record-action');
    expect(drafted?.type).to.equal('invoice.drafted.v1');
    expect(drafted?.data).to.deep.include({ status: 'draft', number: null, checkoutId: request.checkoutId });
    // 99.00 + 20 % = 118.80
    expect(drafted?.data['totals']).to.deep.equal({
      subtotal: { amount: 9900, currency: 'EUR' },
      tax: { amount: 1980, currency: 'EUR' },
      total: { amount: 11880, currency: 'EUR' },
    });
    expect(openOrder?.id).to.equal(`${order.orderId}:open`);
    expect(openOrder?.data).to.deep.include({
      amount: { amount: 11880, currency: 'EUR' },
      description: 'Pro, monthly',
    });

    const payment = aPayment(order);
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, payment)]);

    const messages = await invoicing.sent(order.invoiceId);
    expect(messages.map(({ type, data }) => (type === 'audit.record-action' ? data['action'] : type))).to.deep.equal([
      'invoice.drafted.v1',
      'invoice.drafted',
      'invoice.paid.v1',
      'invoice.issued',
      'invoice.paid',
    ]);
    const paid = messages.find(({ type }) => type === 'invoice.paid.v1');
    expect(paid?.data).to.deep.include({
      status: 'paid',
      number: 'QT-2026-000001',
      issuedAt: '2026-03-02T09:00:00.000Z',
    });
    expect(paid?.data['payment']).to.deep.equal({
      paymentId: payment.paymentId,
      orderId: order.orderId,
      rail: 'card',
      method: { kind: 'card', brand: 'visa', last4: '4242' },
    });
    expect(paid?.version).to.be.greaterThan(drafted?.version ?? Number.NaN);
    expect(new Set(messages.map(({ correlationid }) => correlationid))).to.deep.equal(new Set([request.checkoutId]));

    const postings = await invoicing.rows(
      `SELECT kind, ledger, side, amount_minor::int AS amount FROM journal_postings JOIN journal_entries e ON e.id = entry_id
        WHERE e.account_id = 'acc-happy' ORDER BY e.id, position`,
    );
    expect(postings).to.deep.equal([
      { kind: 'invoice_issued', ledger: 'receivable', side: 'debit', amount: 11880 },
      { kind: 'invoice_issued', ledger: 'revenue', side: 'credit', amount: 9900 },
      { kind: 'invoice_issued', ledger: 'tax', side: 'credit', amount: 1980 },
      { kind: 'payment_received', ledger: 'clearing', side: 'debit', amount: 11880 },
      { kind: 'payment_received', ledger: 'receivable', side: 'credit', amount: 11880 },
    ]);
  });

  it('settles an invoice of nothing at once, with a number and without an order', async () => {
    const free = anOpenInvoice({ accountId: accountOf('acc-free') });
    const lines = free.lines.map((line) => ({ ...line, unitPrice: { amount: 0, currency: 'EUR' } }));

    await invoicing.deliver([envelopeOf(definitions.OpenInvoice, { ...free, lines })]);

    const [invoice] = await invoicing.rows(
      `SELECT id, status, number, (SELECT count(*)::int FROM collection_orders o WHERE o.invoice_id = i.id) AS orders
        FROM invoices i WHERE checkout_id = $1`,
      free.checkoutId,
    );
    expect(invoice).to.deep.include({ status: 'paid', number: 'QT-2026-000002', orders: 0 });
    const actions = (await invoicing.sent(String(invoice?.['id']))).map(({ type, data }) => data['action'] ?? type);
    expect(actions).to.deep.equal(['invoice.paid.v1', 'invoice.drafted', 'invoice.issued', 'invoice.paid']);
  });

  it('starts a new series when the year turns in the seller’s time zone', async () => {
    const late = await invoicing.openInvoice({ accountId: accountOf('acc-sylvester') });
    const later = await invoicing.openInvoice({ accountId: accountOf('acc-sylvester') });

    // 22:30 UTC on 31 December 2026 is 23:30 in Paris; an hour later it is 2027 there and still 2026 in UTC.
    invoicing.clock.set('2026-12-31T22:30:00Z');
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, aPayment(late.order))]);
    invoicing.clock.set('2026-12-31T23:30:00Z');
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, aPayment(later.order))]);

    const numbers = await invoicing.rows(
      `SELECT number FROM invoices WHERE account_id = 'acc-sylvester' ORDER BY number`,
    );
    expect(numbers).to.deep.equal([{ number: 'QT-2026-000003' }, { number: 'QT-2027-000001' }]);
  });
});
