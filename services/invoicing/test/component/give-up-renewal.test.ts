import { ChargeOrder, Envelope, GetInvoice, ListInvoices } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { expect } from 'chai';

import { accountOf, aPayment, aRenewal, definitions, envelopeOf } from '../builders/messages.ts';
import { customerOf, operator, type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

describe('invoicing: a renewal whose period will not be', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
  });
  after(() => invoicing.stop());

  const opened = (name: string) => {
    const request = aRenewal({ accountId: accountOf(name) });
    const { subscriptionId, period } = request;
    return {
      request,
      open: envelopeOf(definitions.OpenInvoice, request, { id: `${subscriptionId}:open` }),
      cancel: envelopeOf(
        definitions.CancelRenewalInvoice,
        { subscriptionId, periodStart: period.start, reason: 'The subscription was cancelled.' },
        { id: `${subscriptionId}:cancel` },
      ),
    };
  };
  const invoiceOf = async (subscriptionId: string) =>
    must((await invoicing.rows('SELECT * FROM invoices WHERE subscription_id = $1', subscriptionId))[0], 'the invoice');
  const orderOf = async (invoiceId: unknown) => {
    const found = await invoicing.rows(
      `SELECT envelope FROM platform.outbox
       WHERE envelope->'data'->>'invoiceId' = $1 AND type = 'payments-card.charge-order'`,
      invoiceId,
    );
    const { data } = Envelope.parse(must(found[0], 'the charge')['envelope']);
    const { attempt: _, description: __, ...facts } = ChargeOrder.data.parse(data);
    return { ...facts, checkoutId: null, rail: 'card' as const, provider: 'stripe' };
  };
  const ledgersOf = (accountId: string) =>
    invoicing.rows(
      `SELECT ledger, sum(CASE side WHEN 'debit' THEN amount_minor ELSE -amount_minor END)::int AS minor
       FROM journal_postings WHERE account_id = $1 GROUP BY ledger ORDER BY ledger`,
      accountId,
    );

  it('is void with its number kept, out of the books, and its order closed at the rail', async () => {
    const { request, open, cancel } = opened('acc-given-up');
    await invoicing.deliver([open]);
    const { number, id } = await invoiceOf(request.subscriptionId);
    const order = await orderOf(id);

    await invoicing.deliver([cancel]);

    const invoice = await invoiceOf(request.subscriptionId);
    expect(invoice).to.include({ status: 'void', number });
    expect(await ledgersOf('acc-given-up')).to.deep.equal([
      { ledger: 'receivable', minor: 0 },
      { ledger: 'revenue', minor: 0 },
      { ledger: 'tax', minor: 0 },
    ]);
    const orders = await invoicing.rows('SELECT id, status FROM collection_orders WHERE invoice_id = $1', id);
    expect(orders).to.deep.equal([{ id: order.orderId, status: 'closed' }]);
    expect((await invoicing.sent(order.orderId)).map(({ type }) => type)).to.include('payments-card.close-order');
    const voided = (await invoicing.sent(order.invoiceId)).find(({ type }) => type === 'invoice.voided.v1');
    expect(voided?.data).to.include({ subscriptionId: request.subscriptionId, checkoutId: null, reason: 'cancelled' });
  });

  it('is still shown to who was billed: a number that somebody has seen does not vanish', async () => {
    const { request, open, cancel } = opened('acc-shown');
    await invoicing.deliver([open, cancel]);
    const { id, number } = await invoiceOf(request.subscriptionId);
    const customer = customerOf(accountOf('acc-shown'));

    const one = GetInvoice.answer.parse((await invoicing.get(`/v1/invoices/${String(id)}`, customer)).body);
    const all = ListInvoices.answer.parse((await invoicing.get('/v1/invoices?status=void', customer)).body);

    expect(one).to.deep.include({ status: 'void', number, amountDue: { amount: 0, currency: one.currency } });
    expect(all.data.map((each) => each.id)).to.deep.equal([id]);
  });

  it('sends money that still comes to the balance, and tells a person', async () => {
    const { request, open, cancel } = opened('acc-given-up-late');
    await invoicing.deliver([open]);
    const order = await orderOf((await invoiceOf(request.subscriptionId))['id']);
    await invoicing.deliver([cancel]);

    const payment = aPayment(order);
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, payment)]);

    expect(await invoiceOf(request.subscriptionId)).to.include({ status: 'void' });
    expect(await ledgersOf('acc-given-up-late')).to.deep.include({ ledger: 'balance', minor: -11880 });
    const { body } = await invoicing.get('/internal/attention', operator);
    expect(JSON.stringify(body)).to.include(payment.paymentId);
  });

  it('stays paid when the money came first', async () => {
    const { request, open, cancel } = opened('acc-paid-first');
    await invoicing.deliver([open]);
    const order = await orderOf((await invoiceOf(request.subscriptionId))['id']);
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, aPayment(order))]);

    await invoicing.deliver([cancel]);

    expect(await invoiceOf(request.subscriptionId)).to.include({ status: 'paid', voided_at: null });
  });

  it('waits for the invoice that it has overtaken, which is never charged again', async () => {
    const { request, open, cancel } = opened('acc-overtaken');

    await invoicing.publish([cancel]);
    await invoicing.deliver([open, cancel]);
    await invoicing.deliver([{ ...open, id: `${open.id}-again` }]);

    const invoices = await invoicing.rows(
      'SELECT status FROM invoices WHERE subscription_id = $1',
      request.subscriptionId,
    );
    expect(invoices).to.deep.equal([{ status: 'void' }]);
  });
});
