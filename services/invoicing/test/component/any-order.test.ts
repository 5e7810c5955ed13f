import { type Envelope } from '@quittance/contracts';
import { expect } from 'chai';

import { accountOf, aPayment, definitions, envelopeOf } from '../builders/messages.ts';
import { type OpenedInvoice, type RunningInvoicing, startInvoicing } from './running-invoicing.ts';

const EVENTS = ['paid', 'reported_again', 'expired', 'cancelled'] as const;
type EventName = (typeof EVENTS)[number];

const permutations = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

const envelopesOf = ({ request, order }: OpenedInvoice): Record<EventName, Envelope> => {
  const payment = aPayment(order);
  const { checkoutId, subscriptionId } = request;
  return {
    paid: envelopeOf(definitions.PaymentCompleted, payment),
    reported_again: envelopeOf(definitions.PaymentCompleted, payment),
    expired: envelopeOf(definitions.OrderExpired, order),
    cancelled: envelopeOf(definitions.CancelInvoice, { checkoutId, subscriptionId, reason: 'Replaced.' }),
  };
};

const isPayment = (event: EventName | undefined) => event === 'paid' || event === 'reported_again';

describe('invoicing: one payment’s events in any order', () => {
  let invoicing: RunningInvoicing;
  before(async () => {
    invoicing = await startInvoicing();
  });
  after(() => invoicing.stop());

  const account = accountOf('acc-any-order');

  /** The end of one purchase, however it came about. */
  const endOf = async ({ order }: OpenedInvoice) => {
    const [end] = await invoicing.rows(
      `SELECT i.status, number IS NOT NULL AS numbered, p.applied_to,
        (SELECT count(*)::int FROM payments WHERE invoice_id = i.id) AS payments,
        (SELECT count(*)::int FROM platform.outbox WHERE subject = i.id AND type IN ('invoice.paid.v1', 'invoice.voided.v1')) AS ends
      FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id WHERE i.id = $1`,
      order.invoiceId,
    );
    return end;
  };

  /** Credits less debits of one ledger, in minor units. */
  const ledger = async (name: string): Promise<number> => {
    const [row] = await invoicing.rows(
      `SELECT coalesce(sum(CASE side WHEN 'credit' THEN amount_minor ELSE -amount_minor END), 0)::int AS units
        FROM journal_postings WHERE ledger = $1 AND account_id = $2`,
      name,
      account,
    );
    return Number(row?.['units']);
  };

  const settled = { status: 'paid', numbered: true, applied_to: 'invoice', payments: 1, ends: 1 };
  const onBalance = { status: 'void', numbered: false, applied_to: 'balance', payments: 1, ends: 1 };

  for (const order of permutations(EVENTS)) {
    it(`${order.join(', ')}: ${isPayment(order[0]) ? 'paid' : 'void, the money on the balance'}`, async () => {
      const opened = await invoicing.openInvoice({ accountId: account });
      const envelopes = envelopesOf(opened);

      for (const event of order) await invoicing.deliver([envelopes[event]]);

      expect(await endOf(opened)).to.deep.equal(isPayment(order[0]) ? settled : onBalance);
    });
  }

  it('all of them at once, ten times, end in one of the two ways', async () => {
    const opened = await invoicing.openInvoices(10, { accountId: account });

    await invoicing.deliver(opened.flatMap((one) => Object.values(envelopesOf(one))));

    for (const one of opened) expect(await endOf(one)).to.be.deep.oneOf([settled, onBalance]);
  });

  it('leaves the books so: nothing receivable, and every payment either revenue and tax or balance', async () => {
    const [paid] = await invoicing.rows(
      `SELECT (count(*) FILTER (WHERE applied_to = 'invoice'))::int AS settling,
        (count(*) FILTER (WHERE applied_to = 'balance'))::int AS waiting FROM payments WHERE account_id = $1`,
      account,
    );

    expect(await ledger('receivable')).to.equal(0);
    expect(await ledger('revenue')).to.equal(9900 * Number(paid?.['settling']));
    expect(await ledger('tax')).to.equal(1980 * Number(paid?.['settling']));
    expect(await ledger('balance')).to.equal(11880 * Number(paid?.['waiting']));
    expect(await ledger('clearing')).to.equal(-11880 * (Number(paid?.['settling']) + Number(paid?.['waiting'])));
  });

  it('brings a cancellation again that overtook its invoice', async () => {
    const opened = await invoicing.openInvoice({ accountId: account });
    const { checkoutId, subscriptionId, ...rest } = opened.request;
    const later = {
      ...rest,
      checkoutId: checkoutId?.replace(/.$/, 'z') ?? null,
      subscriptionId: subscriptionId.replace(/.$/, 'z'),
    };
    const cancel = envelopeOf(definitions.CancelInvoice, {
      checkoutId: later.checkoutId,
      subscriptionId: later.subscriptionId,
      reason: 'Replaced.',
    });

    await invoicing.publish([cancel]);
    await invoicing.deliver([envelopeOf(definitions.OpenInvoice, later), cancel]);

    const [invoice] = await invoicing.rows('SELECT status FROM invoices WHERE checkout_id = $1', later.checkoutId);
    expect(invoice).to.deep.equal({ status: 'void' });
  });
});
