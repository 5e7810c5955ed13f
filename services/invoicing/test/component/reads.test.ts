import { expect } from 'chai';

import { accountOf, aPayment, definitions, envelopeOf } from '../builders/messages.ts';
import {
  customerOf,
  type OpenedInvoice,
  operator,
  type RunningInvoicing,
  startInvoicing,
} from './running-invoicing.ts';

describe('invoicing: reading', () => {
  const alice = accountOf('acc-alice');
  const bob = accountOf('acc-bob');
  let invoicing: RunningInvoicing;
  let paid: OpenedInvoice;
  let draft: OpenedInvoice;
  let ofBob: OpenedInvoice;
  let payment: ReturnType<typeof aPayment>;
  before(async () => {
    invoicing = await startInvoicing();
    paid = await invoicing.openInvoice({ accountId: alice, language: 'en' });
    draft = await invoicing.openInvoice({ accountId: alice });
    ofBob = await invoicing.openInvoice({ accountId: bob });
    payment = aPayment(paid.order);
    // One after the other, so that the numbers are known.
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, payment)]);
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, aPayment(ofBob.order))]);
  });
  after(() => invoicing.stop());

  const ids = (body: Record<string, unknown>): unknown =>
    Array.isArray(body['data']) ? body['data'].map((item: { id: string }) => item.id) : body;

  it('a customer sees their own invoices with a number, and no draft', async () => {
    const { status, body } = await invoicing.get('/v1/invoices', customerOf(alice));

    expect(status).to.equal(200);
    expect(ids(body)).to.deep.equal([paid.order.invoiceId]);
    expect(ids((await invoicing.get('/v1/invoices?status=draft', customerOf(alice))).body)).to.deep.equal([]);
    expect((await invoicing.get(`/v1/invoices/${draft.order.invoiceId}`, customerOf(alice))).status).to.equal(404);
  });

  it('another account’s invoice and payment are not found', async () => {
    for (const path of [
      `/v1/invoices/${ofBob.order.invoiceId}`,
      '/v1/invoices?account=acc-bob',
      `/v1/payments?account=acc-bob`,
    ]) {
      expect((await invoicing.get(path, customerOf(alice))).status, path).to.equal(404);
    }
    expect((await invoicing.get(`/v1/payments/${payment.paymentId}`, customerOf(bob))).status).to.equal(404);
  });

  it('tells the gateway in what country, currency and language an account is billed, and nobody about another', async () => {
    const path = '/internal/accounts/acc-alice/pricing-profile';
    const unknown = accountOf('acc-nobody');

    const profile = { country: 'FR', currency: 'EUR', language: 'en' };
    expect((await invoicing.get(path, customerOf(alice))).body).to.deep.equal(profile);
    expect((await invoicing.get(path, operator)).body).to.deep.equal(profile);
    expect((await invoicing.get(path, customerOf(bob))).status).to.equal(404);
    expect(
      (await invoicing.get('/internal/accounts/acc-nobody/pricing-profile', customerOf(unknown))).body,
    ).to.deep.equal({ country: null, currency: null, language: null });
  });

  it('an operator sees everything, by account, by status and page by page', async () => {
    const all = [ofBob, draft, paid].map(({ order }) => order.invoiceId);
    expect(ids((await invoicing.get('/v1/invoices', operator)).body)).to.deep.equal(all);
    expect(ids((await invoicing.get('/v1/invoices?status=draft', operator)).body)).to.deep.equal([
      draft.order.invoiceId,
    ]);
    expect(ids((await invoicing.get('/v1/invoices?account=acc-bob', operator)).body)).to.deep.equal([
      ofBob.order.invoiceId,
    ]);

    const first = await invoicing.get('/v1/invoices?limit=2', operator);
    const second = await invoicing.get(`/v1/invoices?limit=2&after=${String(first.body['nextCursor'])}`, operator);

    expect(ids(first.body)).to.deep.equal(all.slice(0, 2));
    expect(ids(second.body)).to.deep.equal(all.slice(2));
    expect(second.body['nextCursor']).to.equal(null);
  });

  it('an invoice explains every charge: line, rate and why', async () => {
    const { body } = await invoicing.get(`/v1/invoices/${paid.order.invoiceId}`, customerOf(alice));

    expect(body).to.deep.include({
      number: 'QT-2026-000001',
      status: 'paid',
      amountDue: { amount: 0, currency: 'EUR' },
      buyer: { name: null, country: 'FR', taxId: null },
      correlationId: paid.request.checkoutId,
    });
    expect(body['lines']).to.deep.equal([
      {
        description: 'Pro, monthly',
        quantity: 1,
        unitPrice: { amount: 9900, currency: 'EUR' },
        net: { amount: 9900, currency: 'EUR' },
        tax: { amount: 1980, currency: 'EUR' },
        gross: { amount: 11880, currency: 'EUR' },
        taxRatePpm: 200_000,
        taxReason: 'Standard rate of FR, 20 %: the seller is registered in FR.',
        period: paid.request.period,
      },
    ]);
  });

  it('a payment is a receipt: what, how, when and for which number', async () => {
    const { body } = await invoicing.get(`/v1/payments/${payment.paymentId}`, customerOf(alice));

    expect(body).to.deep.equal({
      id: payment.paymentId,
      status: 'completed',
      accountId: alice,
      amount: { amount: 11880, currency: 'EUR' },
      rail: 'card',
      provider: 'stripe',
      providerReference: payment.providerReference,
      method: { kind: 'card', brand: 'visa', last4: '4242' },
      orderId: paid.order.orderId,
      invoiceId: paid.order.invoiceId,
      invoiceNumber: 'QT-2026-000001',
      appliedTo: 'invoice',
      capturedAt: '2026-03-02T09:05:00.000Z',
      correlationId: paid.request.checkoutId,
    });
    const listed = await invoicing.get(`/v1/payments?invoice=${paid.order.invoiceId}`, operator);
    expect(ids(listed.body)).to.deep.equal([payment.paymentId]);
  });
});
