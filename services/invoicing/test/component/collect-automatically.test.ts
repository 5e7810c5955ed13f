import { ChargeOrder, Envelope } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { expect } from 'chai';

import { accountOf, aPayment, aRenewal, definitions, envelopeOf } from '../builders/messages.ts';
import { type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

describe('invoicing: what is collected without its customer', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
  });
  after(() => invoicing.stop());

  const invoiceOf = async (subscriptionId: string) => {
    const rows = await invoicing.rows('SELECT * FROM invoices WHERE subscription_id = $1', subscriptionId);
    expect(rows).to.have.length(1);
    return must(rows[0], 'the invoice');
  };
  const chargeOf = async (subscriptionId: string): Promise<Envelope> => {
    const found = await invoicing.rows(
      `SELECT envelope FROM platform.outbox o JOIN invoices i ON o.envelope->'data'->>'invoiceId' = i.id
       WHERE i.subscription_id = $1 AND o.type = 'payments-card.charge-order'`,
      subscriptionId,
    );
    expect(found).to.have.length(1);
    return Envelope.parse(must(found[0], 'the charge')['envelope']);
  };
  const issued = async (overrides: Parameters<typeof aRenewal>[0] = {}) => {
    const request = aRenewal(overrides);
    await invoicing.deliver([envelopeOf(definitions.OpenInvoice, request, { id: `${request.subscriptionId}:open` })]);
    const charge = await chargeOf(request.subscriptionId);
    return { request, charge, order: orderOf(charge) };
  };
  const orderOf = ({ data }: Envelope) => {
    const { attempt: _, description: __, ...facts } = ChargeOrder.data.parse(data);
    return { ...facts, checkoutId: null, rail: 'card' as const, provider: 'stripe' };
  };
  const declineOf = (order: ReturnType<typeof orderOf>) =>
    envelopeOf(definitions.PaymentFailed, {
      ...order,
      attemptReference: 'ch_1',
      chargeAttempt: 1,
      reason: 'insufficient_funds',
      failedAt: '2026-03-02T09:00:01.000Z',
    });
  const actionsOf = async (id: string) =>
    (await invoicing.sent(id)).map(({ type, data }) => (type === 'audit.record-action' ? data['action'] : type));

  it('is numbered, issued and booked before the rail is asked to charge', async () => {
    const { request, charge } = await issued({ accountId: accountOf('acc-auto') });

    const invoice = await invoiceOf(request.subscriptionId);
    expect(invoice).to.include({ status: 'issued', number: 'QT-2026-000001', paid_at: null });
    expect(charge.id).to.equal(`charge:${String(invoice['id'])}:1`);
    // 99.00 + 20 % of the seller's own country, because nobody knows the buyer's = 118.80
    expect(charge.data).to.deep.include({ attempt: 1, amount: { amount: 11880, currency: 'EUR' } });
    expect(charge.data['description']).to.equal('QT-2026-000001 Pro, monthly');
    const ledgers = await invoicing.rows(
      'SELECT ledger, side, amount_minor::int AS amount FROM journal_postings WHERE account_id = $1 ORDER BY position',
      'acc-auto',
    );
    expect(ledgers).to.deep.equal([
      { ledger: 'receivable', side: 'debit', amount: 11880 },
      { ledger: 'revenue', side: 'credit', amount: 9900 },
      { ledger: 'tax', side: 'credit', amount: 1980 },
    ]);
  });

  it('is paid by its charge, keeping its number', async () => {
    const { request, order } = await issued({ accountId: accountOf('acc-auto-paid') });
    const before = await invoiceOf(request.subscriptionId);

    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, aPayment(order))]);

    const invoice = await invoiceOf(request.subscriptionId);
    expect(invoice).to.include({ status: 'paid', number: before['number'] });
    expect(await actionsOf(order.invoiceId)).to.deep.equal([
      'invoice.drafted',
      'invoice.issued',
      'invoice.paid.v1',
      'invoice.paid',
    ]);
    const [owed] = await invoicing.rows(
      `SELECT sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END)::int AS minor
       FROM journal_postings WHERE account_id = 'acc-auto-paid' AND ledger = 'receivable'`,
    );
    expect(owed).to.deep.equal({ minor: 0 });
  });

  it('stays owed when it is declined, says so once, and ends its order', async () => {
    const { request, order } = await issued();
    const declined = declineOf(order);

    await invoicing.deliver([declined, { ...declined, id: `${declined.id}-again` }]);

    expect(await invoiceOf(request.subscriptionId)).to.include({ status: 'issued', voided_at: null });
    const failures = (await invoicing.sent(order.invoiceId)).filter(({ type }) => type.startsWith('invoice.coll'));
    expect(failures.map(({ data }) => data)).to.deep.equal([
      {
        invoiceId: order.invoiceId,
        number: (await invoiceOf(request.subscriptionId))['number'],
        kind: 'renewal',
        accountId: request.accountId,
        productId: request.productId,
        subscriptionId: request.subscriptionId,
        changeId: null,
        period: request.period,
        total: { amount: 11880, currency: 'EUR' },
        attempt: 1,
        reason: 'insufficient_funds',
        failedAt: '2026-03-02T09:00:01.000Z',
      },
    ]);
    const open = await invoicing.rows('SELECT status FROM collection_orders WHERE invoice_id = $1', order.invoiceId);
    expect(open).to.deep.equal([{ status: 'failed' }]);
  });

  it('stays owed when the rail refuses the charge for good', async () => {
    const { request, order } = await issued();

    await invoicing.deliver([
      envelopeOf(definitions.OrderFailed, {
        ...order,
        code: 'payments_card.amount_out_of_range',
        message: 'too little',
      }),
    ]);

    expect(await invoiceOf(request.subscriptionId)).to.include({ status: 'issued' });
    expect(await actionsOf(order.invoiceId)).to.include('invoice.collection_failed.v1');
  });

  it('is one invoice and one charge however often it is asked for', async () => {
    const request = aRenewal();
    const asked = ['a', 'b', 'c'].map((n) =>
      envelopeOf(definitions.OpenInvoice, request, { id: `${request.subscriptionId}:${n}` }),
    );

    await invoicing.deliver(asked);

    await invoiceOf(request.subscriptionId);
    await chargeOf(request.subscriptionId);
  });

  it('is issued and paid at once, without a charge, when nothing is to be paid', async () => {
    const free = aRenewal();
    const [line] = free.lines;
    const request = { ...free, lines: [{ ...must(line, 'line'), unitPrice: { amount: 0, currency: 'EUR' } }] };

    await invoicing.deliver([envelopeOf(definitions.OpenInvoice, request)]);

    const invoice = await invoiceOf(request.subscriptionId);
    expect(invoice).to.include({ status: 'paid' });
    expect(await invoicing.rows('SELECT 1 FROM collection_orders WHERE invoice_id = $1', invoice['id'])).to.deep.equal(
      [],
    );
  });

  it('keeps the numbers without a gap', async () => {
    const many = Array.from({ length: 25 }, () => envelopeOf(definitions.OpenInvoice, aRenewal()));

    await invoicing.deliver(many);

    const numbers = await invoicing.rows('SELECT number FROM invoices WHERE number IS NOT NULL ORDER BY number');
    expect(numbers.map(({ number }) => Number(String(number).slice(-6)))).to.deep.equal(numbers.map((_, at) => at + 1));
  });
});
