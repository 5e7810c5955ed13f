import { expect } from 'chai';

import { accountOf, aPayment, definitions, envelopeOf, newId } from '../builders/messages.ts';
import { operator, type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

describe('invoicing: money that settles nothing', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
  });
  after(() => invoicing.stop());

  const paymentRows = (accountId: string) =>
    invoicing.rows(
      `SELECT id, applied_to, amount_minor::int AS amount FROM payments WHERE account_id = $1 ORDER BY id`,
      accountId,
    );

  it('a second payment for a paid invoice goes to the balance and tells a person', async () => {
    const account = accountOf('acc-twice');
    const { order } = await invoicing.openInvoice({ accountId: account });
    const first = aPayment(order);
    const second = aPayment(order, { providerReference: 'pi_second' });

    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, first)]);
    const sentBefore = await invoicing.sent(order.invoiceId);
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, second)]);

    expect(await paymentRows(account)).to.deep.equal([
      { id: first.paymentId, applied_to: 'invoice', amount: 11880 },
      { id: second.paymentId, applied_to: 'balance', amount: 11880 },
    ]);
    // It activates nothing: no further word about the invoice.
    expect(await invoicing.sent(order.invoiceId)).to.deep.equal(sentBefore);
    const [audit, ...more] = await invoicing.sent(second.paymentId);
    expect(more).to.deep.equal([]);
    expect(audit?.data).to.deep.include({
      action: 'payment.to_balance',
      reason: 'The invoice is paid.',
      accountId: account,
    });
    const attention = await invoicing.get('/internal/attention', operator);
    expect(attention.status).to.equal(200);
    expect(attention.body['data']).to.deep.include.members([
      {
        id: second.paymentId,
        service: 'invoicing',
        code: 'invoicing.payment_on_balance',
        message: `118.80 EUR came by stripe for invoice ${order.invoiceId}, which it could not settle. It is on the customer’s balance: refund it at the provider, or agree with the customer what it pays for.`,
        subject: { type: 'payment', id: second.paymentId },
        accountId: account,
        correlationId: order.checkoutId,
        since: '2026-03-02T09:00:00.000Z',
      },
    ]);
  });

  const differing: readonly [string, { amount: number; currency: string }][] = [
    ['one minor unit less', { amount: 11879, currency: 'EUR' }],
    ['one minor unit more', { amount: 11881, currency: 'EUR' }],
    ['the same number of another currency', { amount: 11880, currency: 'USD' }],
  ];
  for (const [what, amount] of differing) {
    it(`${what} settles nothing and waits on the balance`, async () => {
      const account = accountOf(`acc-${amount.amount}-${amount.currency}`);
      const { order } = await invoicing.openInvoice({ accountId: account });

      await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, aPayment(order, { amount }))]);

      const [row] = await paymentRows(account);
      expect(row).to.deep.include({ applied_to: 'balance', amount: amount.amount });
      const [invoice] = await invoicing.rows('SELECT status, number FROM invoices WHERE id = $1', order.invoiceId);
      expect(invoice).to.deep.equal({ status: 'draft', number: null });
    });
  }

  it('the same charge under another payment id is the same money', async () => {
    const account = accountOf('acc-same-charge');
    const { order } = await invoicing.openInvoice({ accountId: account });
    const first = aPayment(order);

    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, first)]);
    await invoicing.deliver([envelopeOf(definitions.PaymentCompleted, { ...first, paymentId: newId('pay') })]);

    expect(await paymentRows(account)).to.deep.equal([{ id: first.paymentId, applied_to: 'invoice', amount: 11880 }]);
  });

  it('a payment that names another account than its order is put aside', async () => {
    const { order } = await invoicing.openInvoice({ accountId: accountOf('acc-right') });
    const envelope = envelopeOf(definitions.PaymentCompleted, aPayment(order, { accountId: accountOf('acc-wrong') }));

    await invoicing.deliver([envelope]);

    expect(await invoicing.settled(envelope.id)).to.equal('dead');
    expect(await paymentRows('acc-wrong')).to.deep.equal([]);
  });

  it('a payment for an order that never comes is tried again and then put aside', async () => {
    const { order } = await invoicing.openInvoice({ accountId: accountOf('acc-unknown') });
    const envelope = envelopeOf(definitions.PaymentCompleted, aPayment({ ...order, orderId: newId('ord') }));

    await invoicing.deliver([envelope]);

    const [letter] = await invoicing.rows(
      'SELECT attempts FROM platform.dead_letters WHERE message_id = $1',
      envelope.id,
    );
    expect(letter).to.deep.equal({ attempts: 5 });
  });
});
